using WebRtcCore.Rtp.Congestion;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Rtp.Receive;
using WebRtcCore.Testing;
using WebRtcCore.Testing.Congestion;

namespace WebRtcCore.Rtp.Tests.Receive;

/// <summary>What is estimated for peers that get no feedback packet by packet, and told as REMB.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RemoteBitrateEstimatorTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(50);
    private readonly VirtualClock _clock = new();
    private TimeSpan _sent;
    private readonly RemoteBitrateEstimator _estimator = new(CongestionControlOptions.Default, 40);

    // 64 s, after which send times begin anew, are in it.
    [Test]
    public void Grows_while_packets_come_as_evenly_as_they_were_sent()
    {
        Receive(90, 100, TimeSpan.Zero);

        Assert.That(_estimator.BitrateBps, Is.GreaterThan(600_000), "1.5 times what arrives at most, 800 kbit/s");
        Assert.That(_estimator.BitrateBps, Is.LessThan(1_400_000));
    }

    [Test]
    public void Falls_below_what_arrives_while_a_queue_grows_and_says_so_at_once()
    {
        Receive(10, 100, TimeSpan.Zero);
        _estimator.Take(_clock.Now);
        Receive(2, 100, TimeSpan.FromMilliseconds(2));

        Assert.That(_estimator.BitrateBps, Is.LessThan(750_000));
        Assert.That(_estimator.Due, Is.LessThanOrEqualTo(_clock.Now));
    }

    [Test]
    public void Is_told_once_a_second_while_packets_come_and_not_without()
    {
        Assert.That(_estimator.Due, Is.Null);
        Receive(1, 100, TimeSpan.Zero);
        var first = _estimator.Due!.Value;
        Assert.That((first - VirtualClock.Start).TotalSeconds, Is.EqualTo(1).Within(0.1));
        _estimator.Take(first);
        Assert.That(_estimator.Due, Is.EqualTo(first + TimeSpan.FromSeconds(1)));
        _estimator.Take(first + TimeSpan.FromSeconds(1));
        Assert.That(_estimator.Due, Is.Null);
    }

    // security.md row 25.
    [Test]
    public void Send_times_that_lie_move_the_estimate_within_its_bounds_only()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            _estimator.Add(new AbsoluteSendTime((uint)random.Next(1 << 24)), random.Next(1500), RoundTrip, _clock.Now);
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(20)));
            Assert.That(_estimator.BitrateBps, Is.InRange(CongestionControlOptions.Default.MinBitrateBps, CongestionControlOptions.Default.MaxBitrateBps));
        }
    }

    [TestCase(500_000)]
    [TestCase(1_000_000)]
    public void A_sender_that_gets_nothing_else_settles_below_the_bottleneck(long bandwidth)
    {
        var scenario = new CongestionScenario(new LinkConditions { Delay = TimeSpan.FromMilliseconds(25), BandwidthBps = bandwidth, QueueBytes = (int)(bandwidth / 8 * 300 / 1000) });
        var flow = scenario.AddFlow("a", new MediaFlowOptions { Feedback = RtcpFeedbackKinds.GoogRemb });
        scenario.Run(TimeSpan.FromSeconds(90));
        var settled = scenario.Between(60, 90).ToArray();

        Assert.That(flow.TargetBps, Is.Positive);
        Assert.That(settled.Average(sample => (double)sample.ThroughputBps) / bandwidth, Is.InRange(0.6, 1.0));
        Assert.That(settled.Select(sample => sample.QueueDelay.TotalMilliseconds).Order().ElementAt(settled.Length / 2), Is.LessThan(100));
    }

    // So many packets of 1,000 bytes a second, each of which waits a little longer than the one before.
    private void Receive(int seconds, int packetsPerSecond, TimeSpan growth)
    {
        var interval = TimeSpan.FromSeconds(1.0 / packetsPerSecond);
        for (var i = 0; i < seconds * packetsPerSecond; i++)
        {
            var sent = NtpTimestamp.From(DateTimeOffset.UnixEpoch) + _sent;
            _estimator.Add(AbsoluteSendTime.From(sent), 960, RoundTrip, _clock.Now);
            _sent += interval;
            _clock.Advance(interval + growth);
        }
    }

}
