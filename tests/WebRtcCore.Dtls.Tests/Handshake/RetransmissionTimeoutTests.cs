using WebRtcCore.Dtls.Handshake;

namespace WebRtcCore.Dtls.Tests.Handshake;

public class RetransmissionTimeoutTests
{
    private static TimeSpan Ms(double value) => TimeSpan.FromMilliseconds(value);

    [Test]
    public void Doubles_up_to_the_cap_and_starts_afresh()
    {
        var timeout = new RetransmissionTimeout(Ms(100), Ms(500));
        var seen = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            seen.Add(timeout.Current.TotalMilliseconds);
            timeout.BackOff();
        }

        Assert.That(seen, Is.EqualTo(new double[] { 100, 200, 400, 500, 500 }));
        timeout.Reset();
        Assert.That(timeout.Current, Is.EqualTo(Ms(100)));
    }

    [TestCase(1, 50)]
    [TestCase(25, 50)]
    [TestCase(60, 120)]
    [TestCase(900, 1800)]
    public void Follows_the_round_trip_time(double roundTrip, double expected)
    {
        var timeout = new RetransmissionTimeout(Ms(100), Ms(1000));
        timeout.SetRoundTripTime(Ms(roundTrip));
        Assert.That(timeout.Current, Is.EqualTo(Ms(expected)));
        timeout.BackOff();
        Assert.That(timeout.Current, Is.GreaterThanOrEqualTo(Ms(expected)));
    }
}
