using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Congestion;

namespace WebRtcCore.Rtp.Tests.Congestion;

public sealed class DelayEstimationTests
{
    private static readonly CongestionControlOptions Options = new() { StartBitrateBps = 1_000_000 };

    [Test]
    public void Packets_of_one_burst_are_one_group()
    {
        var groups = new PacketGroups();
        Assert.That(groups.TryAdd(At(0), At(100), out _), Is.False);
        Assert.That(groups.TryAdd(At(4), At(110), out _), Is.False);
        Assert.That(groups.TryAdd(At(20), At(125), out _), Is.False, "There is no group before the first.");
        Assert.That(groups.TryAdd(At(40), At(150), out var delta), Is.True);
        Assert.That((delta.SendMilliseconds, delta.ArrivalMilliseconds), Is.EqualTo((16.0, 15.0)));
        Assert.That(groups.TryAdd(At(1), At(151), out _), Is.False, "A late packet of an old group changes nothing.");
    }

    [Test]
    public void Groups_start_anew_after_the_peers_clock_has_jumped()
    {
        var groups = new PacketGroups();
        groups.TryAdd(At(0), At(100), out _);
        groups.TryAdd(At(20), At(120), out _);
        Assert.That(groups.TryAdd(At(40), At(100_000), out _), Is.True, "The group of 20 ms is whole.");
        Assert.That(groups.TryAdd(At(60), At(100_020), out _), Is.False);
        Assert.That(groups.TryAdd(At(80), At(100_040), out _), Is.False);
        Assert.That(groups.TryAdd(At(100), At(100_060), out _), Is.True);
    }

    [TestCase(0.0)]
    [TestCase(0.1)]
    [TestCase(-0.05)]
    public void The_slope_is_how_fast_the_delay_grows(double growth)
    {
        var trend = new TrendlineEstimator();
        for (var i = 1; i <= 200; i++)
        {
            trend.Add(new GroupDelta(20 * (1 - growth), 20, At(i * 20)));
        }

        Assert.That(trend.Slope, Is.EqualTo(growth).Within(0.002));
    }

    [Test]
    public void One_late_group_is_no_overuse_and_a_growing_delay_is()
    {
        var detector = new OveruseDetector();
        detector.Update(0.01, 60, 20, At(0));
        detector.Update(0.2, 60, 20, At(20));
        Assert.That(detector.Usage, Is.EqualTo(BandwidthUsage.Normal));
        detector.Update(0.0, 60, 20, At(40));
        detector.Update(0.2, 60, 20, At(60));
        detector.Update(0.25, 60, 20, At(80));
        Assert.That(detector.Usage, Is.EqualTo(BandwidthUsage.Overusing));
        detector.Update(-0.2, 60, 20, At(100));
        Assert.That(detector.Usage, Is.EqualTo(BandwidthUsage.Underusing));
    }

    [Test]
    public void The_threshold_rises_with_a_trend_that_stays_and_falls_again()
    {
        var detector = new OveruseDetector();
        var time = 0;
        for (; time < 5_000; time += 50)
        {
            detector.Update(20.0 / 240, 60, 50, At(time));
        }

        Assert.That(detector.Threshold, Is.GreaterThan(18));
        for (; time < 15_000; time += 50)
        {
            detector.Update(0, 60, 50, At(time));
        }

        Assert.That(detector.Threshold, Is.EqualTo(6).Within(0.1));
    }

    [Test]
    public void The_rate_falls_to_85_percent_of_what_arrives_and_then_grows_slowly()
    {
        var rate = new AimdRateControl(Options);
        rate.SetRoundTripTime(TimeSpan.FromMilliseconds(100));
        rate.Update(BandwidthUsage.Overusing, 1_000_000, At(0));
        Assert.That(rate.BitrateBps, Is.EqualTo(850_000));
        Assert.That(rate.CanDecreaseFurther(1_000_000, At(50)), Is.False);
        Assert.That(rate.CanDecreaseFurther(1_000_000, At(100)), Is.True);
        for (var i = 1; i <= 10; i++)
        {
            rate.Update(BandwidthUsage.Normal, 850_000, At(i * 100));
        }

        // A packet of at most 1,200 bytes in each 200 ms.
        Assert.That(rate.BitrateBps, Is.InRange(880_000, 900_000));
    }

    [Test]
    public void The_rate_grows_by_8_percent_a_second_but_not_far_beyond_what_arrives()
    {
        var rate = new AimdRateControl(Options);
        rate.Update(BandwidthUsage.Normal, 1_000_000, At(0));
        for (var i = 1; i <= 10; i++)
        {
            rate.Update(BandwidthUsage.Normal, 1_000_000, At(i * 100));
        }

        Assert.That(rate.BitrateBps, Is.EqualTo(1_080_000).Within(1).Percent);
        for (var i = 11; i <= 1000; i++)
        {
            rate.Update(BandwidthUsage.Normal, 1_000_000, At(i * 100));
        }

        Assert.That(rate.BitrateBps, Is.EqualTo(1_510_000));
    }

    [Test]
    public void The_throughput_is_what_arrives()
    {
        var throughput = new ThroughputEstimator();
        for (var time = 0; time < 5_000; time += 10)
        {
            throughput.Add(At(time), 1250);
        }

        Assert.That(throughput.BitrateBps, Is.EqualTo(1_000_000).Within(3).Percent);
        for (var time = 5_000; time < 10_000; time += 20)
        {
            throughput.Add(At(time), 1250);
        }

        Assert.That(throughput.BitrateBps, Is.EqualTo(500_000).Within(10).Percent);
    }

    [Test]
    public void A_long_queue_is_drained_once_and_not_again_at_once()
    {
        var drain = new QueueDrain();
        drain.OnFeedback([Packet(0, 1000)], isOverused: false, At(100));
        drain.OnFeedback([Packet(100, 1300)], isOverused: true, At(400));
        Assert.That(drain.Share, Is.LessThan(1));
        drain.OnFeedback([Packet(600, 1610)], isOverused: false, At(900));
        Assert.That(drain.Share, Is.EqualTo(1), "The queue is empty again.");
        drain.OnFeedback([Packet(700, 2000)], isOverused: true, At(1000));
        Assert.That(drain.Share, Is.EqualTo(1));
    }

    private static PacketFeedback Packet(int sent, int arrived) => new() { Sent = At(sent), Arrived = At(arrived), Length = 1000 };

    private static Instant At(double milliseconds) => Instant.Zero + TimeSpan.FromMilliseconds(milliseconds);
}
