using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Send;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Send;

public class RackDetectorTests
{
    private static readonly Instant Start = VirtualClock.Start;
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    [Test]
    public void Overtaken_fragment_is_lost_a_quarter_of_the_round_trip_later()
    {
        var rack = new RackDetector(new Tsn(9));
        rack.OnAcknowledged(new Tsn(11), Start, isRetransmitted: false, Start + RoundTrip);
        var window = rack.GetReorderingWindow(1, isInRecovery: false, RoundTrip);
        Assert.That(rack.IsOvertaken(new Tsn(10), Start, window, out var lostAt), Is.True);
        Assert.That(lostAt, Is.EqualTo(Start + (RoundTrip * 1.25)));
        Assert.That(rack.IsOvertaken(new Tsn(12), Start, window, out _), Is.False);
    }

    [Test]
    public void Three_out_of_order_make_up_for_the_window_until_reordering_is_seen()
    {
        var rack = new RackDetector(new Tsn(9));
        rack.OnAcknowledged(new Tsn(12), Start, isRetransmitted: false, Start + RoundTrip);
        Assert.That(rack.GetReorderingWindow(3, isInRecovery: false, RoundTrip), Is.EqualTo(TimeSpan.Zero));
        Assert.That(rack.GetReorderingWindow(0, isInRecovery: true, RoundTrip), Is.EqualTo(TimeSpan.Zero));

        rack.OnAcknowledged(new Tsn(10), Start, isRetransmitted: false, Start + RoundTrip);
        Assert.That(rack.IsReorderingSeen, Is.True);
        Assert.That(rack.GetReorderingWindow(3, isInRecovery: true, RoundTrip), Is.EqualTo(RoundTrip / 4));
    }

    [Test]
    public void Retransmissions_that_arrive_are_no_reordering_and_those_too_early_measure_nothing()
    {
        var rack = new RackDetector(new Tsn(9));
        rack.OnAcknowledged(new Tsn(12), Start, isRetransmitted: false, Start + RoundTrip);
        rack.OnAcknowledged(new Tsn(10), Start + RoundTrip, isRetransmitted: true, Start + RoundTrip + TimeSpan.FromMilliseconds(5));
        Assert.That(rack.IsReorderingSeen, Is.False);
        Assert.That(rack.Minimum, Is.EqualTo(RoundTrip));

        // Had it counted, what was sent together with it would be overtaken.
        Assert.That(rack.IsOvertaken(new Tsn(13), Start + TimeSpan.FromMilliseconds(50), TimeSpan.Zero, out _), Is.False);
    }

    [Test]
    public void Vain_retransmissions_widen_the_window_once_a_round_up_to_the_round_trip_and_for_sixteen_recoveries()
    {
        var rack = new RackDetector(new Tsn(9));
        rack.OnAcknowledged(new Tsn(12), Start, isRetransmitted: false, Start + RoundTrip);
        rack.OnAcknowledged(new Tsn(10), Start, isRetransmitted: false, Start + RoundTrip);
        rack.OnDuplicatesReported(new Tsn(12), new Tsn(20));
        rack.OnDuplicatesReported(new Tsn(15), new Tsn(25));
        Assert.That(rack.GetReorderingWindow(0, isInRecovery: false, RoundTrip), Is.EqualTo(RoundTrip / 2));
        for (var round = 1u; round < 10; round++)
        {
            rack.OnDuplicatesReported(new Tsn(20 * round), new Tsn(20 * (round + 1)));
        }

        Assert.That(rack.GetReorderingWindow(0, isInRecovery: false, RoundTrip), Is.EqualTo(RoundTrip));
        for (var i = 0; i < 16; i++)
        {
            rack.OnRecoveryEnd();
        }

        Assert.That(rack.GetReorderingWindow(0, isInRecovery: false, RoundTrip), Is.EqualTo(RoundTrip / 4));
    }
}
