using WebRtcCore.Testing;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

public class MonotonicClockTests
{
    [Test]
    public void Follows_its_time_provider()
    {
        var time = new VirtualTimeProvider();
        var clock = new MonotonicClock(time);
        var start = clock.Now;
        time.Advance(TimeSpan.FromMilliseconds(1234));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(clock.Now - start, Is.EqualTo(TimeSpan.FromMilliseconds(1234)));
            Assert.That(clock.ToWallClock(clock.Now), Is.EqualTo(time.GetUtcNow()));
            Assert.That(start.Ticks, Is.Positive);
        }
    }

    [Test]
    public void Gives_NTP_time_with_its_fraction()
    {
        // 1970-01-01 is 2,208,988,800 s after 1900-01-01 (RFC 5905, figure 4).
        var time = new VirtualTimeProvider(DateTimeOffset.UnixEpoch + TimeSpan.FromMilliseconds(500));
        var clock = new MonotonicClock(time);
        Assert.That(clock.ToNtp(clock.Now), Is.EqualTo((2_208_988_800UL << 32) | 0x8000_0000UL));
    }

    [Test]
    public void NTP_seconds_wrap_in_2036()
    {
        var time = new VirtualTimeProvider(new DateTimeOffset(2036, 2, 7, 6, 28, 17, TimeSpan.Zero));
        var clock = new MonotonicClock(time);
        Assert.That(clock.ToNtp(clock.Now) >> 32, Is.EqualTo(1));
    }
}
