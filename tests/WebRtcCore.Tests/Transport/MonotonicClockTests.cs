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
}
