using WebRtcCore.Testing;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

public class MonotonicClockTests
{
    [Test]
    public void Clocks_of_one_provider_differ_by_whole_seconds()
    {
        var time = new VirtualTimeProvider();
        time.Advance(TimeSpan.FromMilliseconds(300));
        var first = new MonotonicClock(time);
        time.Advance(TimeSpan.FromMilliseconds(5777));
        var second = new MonotonicClock(time);
        Assert.That((first.Now - second.Now).Ticks % TimeSpan.TicksPerSecond, Is.Zero);
        Assert.That(first.Now, Is.Not.EqualTo(second.Now));
        Assert.That(second.ToWallClock(second.Now), Is.EqualTo(time.GetUtcNow()));
    }

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
}
