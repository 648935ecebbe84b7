using WebRtcCore.Sctp.Send;

namespace WebRtcCore.Sctp.Tests.Send;

public class RttEstimatorTests
{
    private static readonly SctpOptions Options = new();

    [Test]
    public void Starts_with_the_initial_timeout_and_backs_off_to_the_largest()
    {
        var rtt = new RttEstimator(Options);
        Assert.That(rtt.Timeout, Is.EqualTo(Options.InitialRetransmissionTimeout));
        rtt.OnTimeout();
        Assert.That(rtt.Timeout, Is.EqualTo(Options.InitialRetransmissionTimeout * 2));
        for (var i = 0; i < 100; i++)
        {
            rtt.OnTimeout();
        }

        Assert.That(rtt.Timeout, Is.EqualTo(Options.MaxRetransmissionTimeout));
        rtt.OnProgress();
        Assert.That(rtt.Timeout, Is.EqualTo(Options.InitialRetransmissionTimeout));
    }

    [Test]
    public void Follows_the_measurements_and_never_falls_below_what_peers_delay_sacks_by()
    {
        var rtt = new RttEstimator(Options);
        for (var i = 0; i < 100; i++)
        {
            rtt.OnMeasured(TimeSpan.FromMilliseconds(80));
        }

        Assert.That(rtt.Smoothed!.Value.TotalMilliseconds, Is.EqualTo(80).Within(0.1));
        Assert.That(rtt.Timeout.TotalMilliseconds, Is.EqualTo(280).Within(0.1));
    }

    [Test]
    public void Varying_times_widen_the_timeout()
    {
        var rtt = new RttEstimator(Options);
        for (var i = 0; i < 100; i++)
        {
            rtt.OnMeasured(TimeSpan.FromMilliseconds(i % 2 == 0 ? 50 : 450));
        }

        Assert.That(rtt.Timeout.TotalMilliseconds, Is.GreaterThan(900));
    }

    [Test]
    public void Hint_counts_until_there_is_a_measurement()
    {
        var rtt = new RttEstimator(Options);
        rtt.OnHint(TimeSpan.FromMilliseconds(30));
        Assert.That(rtt.Timeout.TotalMilliseconds, Is.EqualTo(230));
        rtt.OnMeasured(TimeSpan.FromMilliseconds(300));
        var measured = rtt.Timeout;
        rtt.OnHint(TimeSpan.FromMilliseconds(30));
        Assert.That(rtt.Timeout, Is.EqualTo(measured));
    }
}
