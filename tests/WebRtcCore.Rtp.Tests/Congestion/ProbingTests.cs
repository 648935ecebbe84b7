using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Congestion;
using WebRtcCore.Rtp.Send;

namespace WebRtcCore.Rtp.Tests.Congestion;

public sealed class ProbingTests
{
    private static readonly CongestionControlOptions Options = new() { MaxBitrateBps = 5_000_000 };

    [Test]
    public void The_first_probes_are_three_and_six_times_the_start_and_go_on_while_the_path_carries_them()
    {
        var probing = new ProbeController(Options);
        probing.Start(At(0));
        probing.Start(At(1));
        Assert.That(TakeAll(probing), Is.EqualTo(new long[] { 900_000, 1_800_000 }));
        Assert.That(probing.OnResult(new ProbeResult(1, 850_000, false), At(100)), Is.True);
        Assert.That(TakeAll(probing), Is.Empty);
        Assert.That(probing.OnResult(new ProbeResult(2, 1_700_000, false), At(120)), Is.True);
        Assert.That(TakeAll(probing), Is.EqualTo(new long[] { 3_400_000 }));
        probing.OnResult(new ProbeResult(3, 3_400_000, false), At(200));
        Assert.That(TakeAll(probing), Is.EqualTo(new long[] { 5_000_000 }), "The configured maximum is the end.");
        probing.OnResult(new ProbeResult(4, 5_000_000, false), At(300));
        Assert.That(TakeAll(probing), Is.Empty);
    }

    [Test]
    public void A_probe_out_of_the_blue_that_saturates_the_path_is_not_believed()
    {
        var probing = new ProbeController(Options);
        probing.Start(At(0));
        TakeAll(probing);
        probing.Update(1_000_000, isLossy: false, At(1000));
        Assert.That(TakeAll(probing), Is.Empty, "Not that soon.");
        probing.Update(1_000_000, isLossy: true, At(4000));
        Assert.That(TakeAll(probing), Is.Empty, "Not while losses limit.");
        probing.Update(1_000_000, isLossy: false, At(4000));
        Assert.That(TakeAll(probing), Is.EqualTo(new long[] { 1_500_000 }));
        Assert.That(probing.OnResult(new ProbeResult(3, 1_300_000, true), At(4100)), Is.False);
        probing.OnOveruse(At(7000));
        probing.Update(1_000_000, isLossy: false, At(7500));
        Assert.That(TakeAll(probing), Is.Empty, "Not right after overuse.");
    }

    [Test]
    public void No_probe_goes_far_beyond_what_the_streams_have_a_use_for()
    {
        var probing = new ProbeController(Options);
        probing.SetWantedBitrate(400_000);
        probing.Start(At(0));
        Assert.That(TakeAll(probing), Is.All.EqualTo(800_000));
    }

    [Test]
    public void Padding_does_not_find_out_far_more_than_is_really_sent()
    {
        var probing = new ProbeController(new CongestionControlOptions());
        probing.SetThroughput(1_000_000);
        probing.Start(At(0));
        TakeAll(probing);
        probing.OnResult(new ProbeResult(2, 4_000_000, false), At(100));
        Assert.That(TakeAll(probing), Is.EqualTo(new long[] { 5_000_000 }));
        probing.Update(5_000_000, isLossy: false, At(4000));
        Assert.That(TakeAll(probing), Is.Empty);
        probing.SetThroughput(4_000_000);
        probing.Update(5_000_000, isLossy: false, At(8000));
        Assert.That(TakeAll(probing), Is.EqualTo(new long[] { 7_500_000 }));
    }

    [Test]
    public void A_cluster_shows_the_slower_of_sending_and_arriving()
    {
        Assert.That(Measure(sendGap: 5, receiveGap: 5), Is.EqualTo(new ProbeResult(1, 1_600_000, false)));
        Assert.That(Measure(sendGap: 5, receiveGap: 4), Is.EqualTo(new ProbeResult(1, 1_600_000, false)));
        Assert.That(Measure(sendGap: 5, receiveGap: 10), Is.EqualTo(new ProbeResult(1, 760_000, true)));
        Assert.That(Measure(sendGap: 5, receiveGap: 2), Is.Null, "Something on the path held them back: it says nothing.");
        Assert.That(Measure(sendGap: 5, receiveGap: 5, count: 3), Is.Null, "Too few have arrived.");
    }

    [Test]
    public void The_packets_of_a_cluster_are_spaced_by_its_rate_and_catch_up_when_the_timer_is_late()
    {
        var sender = new ProbeSender();
        sender.Add(new ProbeCluster(7, 800_000, 3000, 3), At(0));
        Assert.That(sender.CurrentId, Is.EqualTo(7));
        Assert.That(sender.IsDue(At(50)), Is.True, "It starts with the first packet that there is.");
        sender.OnSent(1000, At(50));
        Assert.That(sender.IsDue(At(55)), Is.False);
        Assert.That(sender.Due, Is.EqualTo(At(60)));
        Assert.That(sender.IsDue(At(75)), Is.True);
        sender.OnSent(1000, At(75));
        Assert.That(sender.IsDue(At(75)), Is.True);
        sender.OnSent(1000, At(75));
        Assert.That(sender.IsActive, Is.False);
    }

    [Test]
    public void A_cluster_that_nothing_was_sent_for_is_forgotten()
    {
        var sender = new ProbeSender();
        sender.Add(new ProbeCluster(1, 800_000, 3000, 3), At(0));
        Assert.That(sender.IsDue(At(6000)), Is.False);
        Assert.That(sender.IsActive, Is.False);
    }

    private static ProbeResult? Measure(double sendGap, double receiveGap, int count = 5)
    {
        var probes = new ProbeBitrateEstimator();
        probes.Expect(new ProbeCluster(1, 1_600_000, 5000, 5));
        ProbeResult? last = null;
        for (var i = 0; i < count; i++)
        {
            var packet = new PacketFeedback { Sent = At(i * sendGap), Arrived = At(50 + (i * receiveGap)), Length = 1000, ProbeCluster = 1 };
            last = probes.TryAdd(packet, out var result) ? result : null;
        }

        return last;
    }

    private static long[] TakeAll(ProbeController probing)
    {
        var rates = new List<long>();
        while (probing.TryTake(out var cluster))
        {
            rates.Add(cluster.BitrateBps);
        }

        return [.. rates];
    }

    private static Instant At(double milliseconds) => Instant.Zero + TimeSpan.FromMilliseconds(milliseconds);
}
