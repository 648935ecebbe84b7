using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Send;

namespace WebRtcCore.Rtp.Tests.Send;

public sealed class KeyFrameRequestFilterTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    // security.md row 25.
    [Test]
    public void A_storm_of_requests_is_passed_on_once_per_interval()
    {
        var filter = new KeyFrameRequestFilter(Interval);
        var passed = 0;
        for (var ms = 0; ms < 3000; ms++)
        {
            filter.OnPictureLoss();
            filter.OnFullIntraRequest((byte)ms);
            passed += filter.TryTake(Instant.Zero + TimeSpan.FromMilliseconds(ms)) ? 1 : 0;
        }

        Assert.That(passed, Is.EqualTo(10));
        Assert.That(filter.PliCount, Is.EqualTo(3000));
    }

    [Test]
    public void A_request_in_between_waits_for_the_interval()
    {
        var filter = new KeyFrameRequestFilter(Interval);
        filter.OnPictureLoss();
        Assert.That(filter.TryTake(Instant.Zero), Is.True);
        Assert.That(filter.Due, Is.Null);
        filter.OnPictureLoss();
        Assert.That(filter.TryTake(Instant.Zero + (Interval / 2)), Is.False);
        Assert.That(filter.Due, Is.EqualTo(Instant.Zero + Interval));
        Assert.That(filter.TryTake(filter.Due!.Value), Is.True);
    }

    [Test]
    public void A_full_intra_request_repeated_with_the_same_number_is_one_request()
    {
        var filter = new KeyFrameRequestFilter(Interval);
        filter.OnFullIntraRequest(7);
        Assert.That(filter.TryTake(Instant.Zero), Is.True);
        filter.OnFullIntraRequest(7);
        Assert.That(filter.TryTake(Instant.Zero + TimeSpan.FromHours(1)), Is.False);
        filter.OnFullIntraRequest(8);
        Assert.That(filter.TryTake(Instant.Zero + TimeSpan.FromHours(1)), Is.True);
        Assert.That(filter.FirCount, Is.EqualTo(2));
    }
}
