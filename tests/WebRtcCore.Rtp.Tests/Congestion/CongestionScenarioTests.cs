using WebRtcCore.Rtp.Congestion;
using WebRtcCore.Testing;
using WebRtcCore.Testing.Congestion;

namespace WebRtcCore.Rtp.Tests.Congestion;

/// <summary>Whole flows over a bottleneck in virtual time: what a user would notice of congestion control.</summary>
public sealed class CongestionScenarioTests
{
    private static readonly LinkConditions Link = new() { Delay = TimeSpan.FromMilliseconds(25), BandwidthBps = 2_000_000, QueueBytes = 75_000 };

    [TestCase(500_000)]
    [TestCase(2_000_000)]
    [TestCase(10_000_000)]
    public void Settles_just_below_the_bottleneck_within_five_seconds(long bandwidth) =>
        AssertSettled(RunOne(Link with { BandwidthBps = bandwidth, QueueBytes = QueueBytes(bandwidth, 300) }), 5, 30);

    [TestCase(0.02)]
    [TestCase(0.05)]
    [TestCase(0.1)]
    public void Random_loss_does_not_slow_the_sender_down(double rate) => AssertSettled(RunOne(Link with { LossRate = rate }), 5, 30);

    [Test]
    public void Bursts_of_loss_do_not_slow_the_sender_down() => AssertSettled(RunOne(Link with { BurstStartRate = 0.01 }), 5, 30, spread: 0.55);

    [TestCase(10)]
    [TestCase(30)]
    public void The_jitter_of_a_radio_link_does_not_slow_the_sender_down(int milliseconds) =>
        AssertSettled(RunOne(Link with { Jitter = TimeSpan.FromMilliseconds(milliseconds) }), 5, 30, spread: 0.55);

    [Test]
    public void A_queue_of_a_second_is_not_filled() => AssertSettled(RunOne(Link with { QueueBytes = QueueBytes(2_000_000, 1000) }), 5, 30);

    // There is no delay to see here: what the rate exceeds is lost, and only the losses tell.
    [Test]
    public void A_queue_of_twenty_milliseconds_is_used_well() =>
        AssertSettled(RunOne(Link with { QueueBytes = QueueBytes(2_000_000, 20) }), 5, 30, spread: 0.7);

    [TestCase(500_000, 2_500_000)]
    [TestCase(2_500_000, 800_000)]
    public void A_step_of_the_bottleneck_is_followed_within_five_seconds(long before, long after)
    {
        var scenario = RunOne(Link with { BandwidthBps = before }, 15);
        scenario.Conditions = Link with { BandwidthBps = after };
        scenario.Run(TimeSpan.FromSeconds(20));
        AssertSettled(scenario, 20, 35);
    }

    [Test]
    public void Two_flows_share_the_bottleneck_evenly()
    {
        var scenario = new CongestionScenario(Link);
        scenario.AddFlow("a");
        scenario.AddFlow("b", new MediaFlowOptions { StartsAt = TimeSpan.FromSeconds(10) });
        scenario.Run(TimeSpan.FromSeconds(60));
        var a = Throughput(scenario, 20, 60, "a");
        var b = Throughput(scenario, 20, 60, "b");
        Assert.That((a + b) / Link.BandwidthBps, Is.InRange(0.8, 1.0));
        Assert.That(a / b, Is.InRange(0.6, 1.7));
        Assert.That(MedianQueue(scenario, 20, 60), Is.LessThan(100));
    }

    // 300 ms of queue that the other flow keeps full: a controller with a fixed threshold would starve.
    [Test]
    public void A_greedy_flow_does_not_starve_media()
    {
        var scenario = new CongestionScenario(Link);
        scenario.AddFlow("a");
        var greedy = scenario.AddGreedyFlow(TimeSpan.FromSeconds(10));
        scenario.Run(TimeSpan.FromSeconds(60));
        Assert.That(MedianQueue(scenario, 20, 60), Is.GreaterThan(100), "The other flow is to be a greedy one.");
        Assert.That(greedy.BytesArrived, Is.Positive);
        Assert.That(Throughput(scenario, 20, 60, "a") / Link.BandwidthBps, Is.GreaterThan(0.1));
    }

    [Test]
    public void Probes_find_what_the_path_carries_though_the_application_sends_less()
    {
        var scenario = new CongestionScenario(Link);
        var flow = scenario.AddFlow("a", new MediaFlowOptions { EncoderMaxBps = 200_000 });
        scenario.Run(TimeSpan.FromSeconds(10));
        Assert.That(flow.TargetBps, Is.GreaterThan(1_000_000));
        Assert.That(Throughput(scenario, 5, 10, "a"), Is.LessThan(500_000));
    }

    [Test]
    public void An_outage_lowers_the_target_and_is_forgotten_in_seconds()
    {
        var scenario = RunOne(Link, 10);
        scenario.Conditions = Link with { IsDown = true };
        scenario.Run(TimeSpan.FromSeconds(4));
        Assert.That(scenario.Samples[^1].TargetBps, Is.LessThan(500_000));
        scenario.Conditions = Link;
        scenario.Run(TimeSpan.FromSeconds(15));
        AssertSettled(scenario, 19, 29);
    }

    [Test]
    public void A_constant_rate_is_kept_whatever_the_path_does()
    {
        var control = new CongestionControlOptions { StartBitrateBps = 1_000_000, CreateController = static options => new ConstantRateController(options) };
        var scenario = new CongestionScenario(Link);
        scenario.AddFlow("a", new MediaFlowOptions { CongestionControl = control });
        scenario.Run(TimeSpan.FromSeconds(10));
        Assert.That(scenario.Samples.Select(sample => sample.TargetBps), Is.All.EqualTo(1_000_000));
        Assert.That(Throughput(scenario, 1, 10, "a"), Is.EqualTo(1_000_000).Within(5).Percent);
    }

    [Test]
    public void The_same_seed_draws_the_same_curve()
    {
        var first = RunOne(Link with { LossRate = 0.03 }, 10).Samples;
        var second = RunOne(Link with { LossRate = 0.03 }, 10).Samples;
        Assert.That(second, Is.EqualTo(first));
    }

    private static CongestionScenario RunOne(LinkConditions conditions, double seconds = 30)
    {
        var scenario = new CongestionScenario(conditions);
        scenario.AddFlow("a");
        scenario.Run(TimeSpan.FromSeconds(seconds));
        return scenario;
    }

    private static int QueueBytes(long bandwidth, int milliseconds) => (int)(bandwidth / 8 * milliseconds / 1000);

    private static double Throughput(CongestionScenario scenario, double from, double to, string flow) =>
        scenario.Between(from, to, flow).Average(sample => (double)sample.ThroughputBps);

    private static double MedianQueue(CongestionScenario scenario, double from, double to) =>
        Quantile([.. scenario.Between(from, to).Select(sample => sample.QueueDelay.TotalMilliseconds)], 0.5);

    private static double Quantile(double[] values, double share)
    {
        Array.Sort(values);
        return values[(int)((values.Length - 1) * share)];
    }

    // Within 20 % below the bottleneck, on the median and in what arrives; a short queue; the target stays in a band, which is wider where the delay or the losses are noise.
    private static void AssertSettled(CongestionScenario scenario, double from, double to, double spread = 0.35)
    {
        var samples = scenario.Between(from, to).ToArray();
        double[] Ratios() => [.. samples.Select(sample => (double)sample.TargetBps / sample.CapacityBps)];
        TestContext.Out.WriteLine(
            $"target p5 {Quantile(Ratios(), 0.05):0.00} p50 {Quantile(Ratios(), 0.5):0.00} p95 {Quantile(Ratios(), 0.95):0.00} of the bottleneck, "
            + $"throughput {Throughput(scenario, from, to, "a") / 1e6:0.00} Mbit/s, queue p50 {MedianQueue(scenario, from, to):0} ms");
        Assert.Multiple(() =>
        {
            Assert.That(Quantile(Ratios(), 0.5), Is.InRange(0.8, 1.0), "median target / bottleneck");
            Assert.That(samples.Average(sample => (double)sample.ThroughputBps / sample.CapacityBps), Is.InRange(0.78, 1.0), "throughput / bottleneck");
            Assert.That(MedianQueue(scenario, from, to), Is.LessThan(100), "median queue in ms");
            Assert.That(Quantile(Ratios(), 0.95) - Quantile(Ratios(), 0.05), Is.LessThan(spread), "spread of the target");
        });
    }
}
