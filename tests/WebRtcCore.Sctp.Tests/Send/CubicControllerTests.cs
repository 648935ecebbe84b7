using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Send;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Send;

public class CubicControllerTests
{
    private const int Packet = 1000;
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    [Test]
    public void Slow_start_doubles_per_round_until_round_trips_grow()
    {
        var path = new Path(new CubicController(Packet, 10));
        path.Round(RoundTrip);
        Assert.That(path.Controller.Window, Is.EqualTo(20 * Packet));
        path.Round(RoundTrip);
        Assert.That(path.Controller.Window, Is.EqualTo(40 * Packet));

        // A queue builds: from the eighth sample on growth is a quarter, and after five such rounds slow start is over.
        path.Round(RoundTrip * 1.3);
        Assert.That(path.Controller.Window, Is.InRange(50 * Packet, 65 * Packet));
        for (var i = 0; i < 6 && path.Controller.SlowStartThreshold == long.MaxValue; i++)
        {
            path.Round(RoundTrip * 1.3);
        }

        Assert.That(path.Controller.SlowStartThreshold, Is.LessThan(250L * Packet));
    }

    [Test]
    public void Round_trips_that_fall_again_let_slow_start_go_on()
    {
        var path = new Path(new CubicController(Packet, 10));
        path.Round(RoundTrip);
        path.Round(RoundTrip * 1.3);
        path.Round(RoundTrip);
        var window = path.Controller.Window;
        path.Round(RoundTrip);
        Assert.That(path.Controller.Window, Is.EqualTo(2 * window).Within(2 * Packet));
    }

    [Test]
    public void Window_that_is_not_used_does_not_grow_and_its_time_does_not_count()
    {
        var path = Lost(400);
        var window = path.Controller.Window;
        for (var i = 0; i < 100; i++)
        {
            path.Round(RoundTrip, wasLimiting: false);
        }

        Assert.That(path.Controller.Window, Is.EqualTo(window));
        path.Round(RoundTrip);
        Assert.That(path.Controller.Window, Is.LessThan(1.1 * window));
    }

    [Test]
    public void Congestion_leaves_seven_tenths_and_the_curve_leads_back_and_stays_there()
    {
        var path = Lost(400);
        Assert.That(path.Controller.Window, Is.EqualTo(280 * Packet).Within(Packet));

        // RFC 9438, figure 2: K = cbrt(400 * 0.3 / 0.4) = 6.7 s.
        var start = path.Now;
        while (path.Now - start < TimeSpan.FromSeconds(6.7))
        {
            path.Round(RoundTrip);
        }

        Assert.That(path.Controller.Window, Is.InRange(385 * Packet, 415 * Packet));
        var plateau = path.Controller.Window;
        path.Round(RoundTrip);
        Assert.That(path.Controller.Window - plateau, Is.LessThan(3 * Packet));
    }

    [Test]
    public void Loss_before_the_window_is_back_lowers_the_peak()
    {
        var path = Lost(400);
        path.Controller.OnLoss(path.Now);
        for (var i = 0; i < 31; i++)
        {
            path.Round(RoundTrip * 1.5);
        }

        // The peak is 280 * 0.85 = 238, reached after cbrt(42 / 0.4) = 4.7 s; without making room it would be 280.
        Assert.That(path.Controller.Window, Is.InRange(230 * Packet, 245 * Packet));
    }

    [Test]
    public void Loss_without_a_queue_leaves_nine_tenths()
    {
        var path = new Path(new CubicController(Packet, 100));
        path.Round(RoundTrip);
        path.Controller.OnLoss(path.Now);
        Assert.That(path.Controller.Window, Is.EqualTo(180 * Packet));
    }

    [Test]
    public void Is_never_slower_than_newreno_with_its_back_off()
    {
        // Small windows and short paths are where NewReno is faster than the curve.
        var path = Lost(20, TimeSpan.FromMilliseconds(10));
        var window = path.Controller.Window;
        for (var i = 0; i < 20; i++)
        {
            path.Round(TimeSpan.FromMilliseconds(10));
        }

        // 0.53 packets a round until 20, then one.
        Assert.That(path.Controller.Window - window, Is.InRange(9 * Packet, 20 * Packet));
    }

    [Test]
    public void Timeout_begins_again_with_one_packet()
    {
        var path = Lost(400);
        path.Controller.OnTimeout(path.Now);
        Assert.That(path.Controller.Window, Is.EqualTo(Packet));
        Assert.That(path.Controller.SlowStartThreshold, Is.EqualTo(196 * Packet).Within(Packet));
    }

    [Test]
    public void Another_path_begins_anew()
    {
        var path = Lost(400);
        path.Controller.Restart();
        Assert.That((path.Controller.Window, path.Controller.SlowStartThreshold), Is.EqualTo((400L * Packet, long.MaxValue)));
    }

    // A flow that has just lost with a full queue at a window of so many packets.
    private static Path Lost(int packets, TimeSpan? roundTrip = null)
    {
        var path = new Path(new CubicController(Packet, packets));
        path.Acknowledge(0, roundTrip ?? RoundTrip, isRoundOver: false, wasLimiting: false);
        for (var i = 0; i < 20; i++)
        {
            path.Acknowledge(0, (roundTrip ?? RoundTrip) * 1.5, isRoundOver: false, wasLimiting: false);
        }

        path.Controller.OnLoss(path.Now);
        return path;
    }

    private sealed class Path(CubicController controller)
    {
        public CubicController Controller { get; } = controller;

        public Instant Now { get; private set; } = VirtualClock.Start;

        // A window is acknowledged, two packets a SACK.
        public void Round(TimeSpan roundTrip, bool wasLimiting = true)
        {
            var sacks = Math.Max(1, (int)(Controller.Window / Packet / 2));
            for (var i = 0; i < sacks; i++)
            {
                Now += roundTrip / sacks;
                Acknowledge(2 * Packet, roundTrip, i == sacks - 1, wasLimiting);
            }
        }

        public void Acknowledge(int bytes, TimeSpan roundTrip, bool isRoundOver, bool wasLimiting) =>
            Controller.OnAcknowledged(new Acknowledgement(bytes, wasLimiting, isRoundOver, roundTrip, roundTrip, Now));
    }
}
