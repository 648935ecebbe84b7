using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Congestion;

namespace WebRtcCore.Rtp.Tests.Congestion;

public sealed class LossEstimationTests
{
    private static readonly CongestionControlOptions Options = new();

    [Test]
    public void Without_loss_there_is_no_limit()
    {
        var loss = new LossBasedEstimator(Options);
        Feed(loss, seconds: 10, 1_000_000, static (_, _) => false);
        Assert.That(loss.BitrateBps, Is.Null);
        Assert.That(loss.AverageLoss, Is.Zero);
    }

    [Test]
    public void Loss_that_does_not_come_with_the_rate_hardly_limits()
    {
        var loss = new LossBasedEstimator(Options);
        Feed(loss, seconds: 10, 1_000_000, static (i, _) => i % 20 == 7);
        Assert.That(loss.AverageLoss, Is.EqualTo(0.05).Within(0.01));
        Assert.That(loss.BitrateBps ?? 1_000_000, Is.GreaterThan(900_000));
    }

    [Test]
    public void Half_of_all_packets_lost_limits_hard()
    {
        var loss = new LossBasedEstimator(Options);
        Feed(loss, seconds: 10, 1_000_000, static (i, _) => i % 2 == 0);
        Assert.That(loss.BitrateBps, Is.LessThan(550_000));
        Feed(loss, seconds: 10, 500_000, static (_, _) => false, start: 10);
        Assert.That(loss.BitrateBps, Is.Null, "The losses have ended.");
    }

    [Test]
    public void Reports_of_much_loss_lower_the_rate_and_of_none_raise_it_to_what_the_peer_allows()
    {
        var reports = new ReportBasedEstimator(Options);
        reports.OnRemoteEstimate(2_000_000);
        Assert.That(reports.BitrateBps, Is.EqualTo(2_000_000));
        reports.OnReport(0.2, TimeSpan.Zero, At(0));
        Assert.That(reports.BitrateBps, Is.EqualTo(1_800_000));
        reports.OnReport(0.05, TimeSpan.Zero, At(1000));
        Assert.That(reports.BitrateBps, Is.EqualTo(1_800_000));
        reports.OnReport(0, TimeSpan.Zero, At(2000));
        Assert.That(reports.BitrateBps, Is.EqualTo(1_945_000));
    }

    [Test]
    public void A_peer_that_only_estimates_itself_sets_the_target()
    {
        var controller = new GoogleCongestionController(Options);
        controller.OnRemoteEstimate(1_500_000, At(0));
        Assert.That(controller.TargetBitrateBps, Is.EqualTo(1_500_000));
        controller.OnRemoteEstimate(100_000, At(1));
        Assert.That(controller.TargetBitrateBps, Is.EqualTo(100_000));
    }

    [Test]
    public void Silence_lowers_the_rate_only_where_there_was_feedback_before()
    {
        var watch = new FeedbackWatch();
        watch.OnSent(At(0));
        watch.OnSent(At(5000));
        Assert.That(watch.Share, Is.EqualTo(1));
        watch.OnFeedback(At(5000));
        watch.OnSent(At(5010));
        watch.OnSent(At(5900));
        Assert.That(watch.Share, Is.EqualTo(1));
        watch.OnSent(At(6100));
        watch.OnSent(At(6700));
        Assert.That(watch.Share, Is.EqualTo(0.25));
        watch.OnFeedback(At(6800));
        Assert.That(watch.Share, Is.EqualTo(1));
    }

    private static void Feed(LossBasedEstimator loss, int seconds, int bitrate, Func<int, double, bool> isLost, int start = 0)
    {
        var interval = 8000.0 * 1000 / bitrate;
        var packets = new List<PacketFeedback>();
        var feedback = start * 1000 + 100.0;
        for (var i = 0; i * interval < seconds * 1000; i++)
        {
            var sent = (start * 1000) + (i * interval);
            packets.Add(new PacketFeedback { Sent = At(sent), Arrived = isLost(i, sent) ? null : At(sent + 20), Length = 1000 });
            if (sent > feedback)
            {
                loss.OnFeedback(packets.ToArray(), 1_000_000, bitrate, At(sent));
                packets.Clear();
                feedback += 100;
            }
        }
    }

    private static Instant At(double milliseconds) => Instant.Zero + TimeSpan.FromMilliseconds(milliseconds);
}
