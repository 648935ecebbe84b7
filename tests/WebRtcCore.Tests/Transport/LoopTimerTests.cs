using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

public sealed class LoopTimerTests
{
    private static readonly Instant Now = Instant.Zero + TimeSpan.FromHours(1);

    [Test]
    public void A_timer_that_fires_a_little_early_is_armed_again()
    {
        var system = new ManualTimers();
        using var timer = new LoopTimer(new MonotonicClock(system), () => { });
        var deadline = Now + TimeSpan.FromMilliseconds(200);
        timer.Arm(deadline, Now);

        system.Fire();
        timer.Arm(deadline, deadline - TimeSpan.FromMicroseconds(300));

        Assert.That(system.Waits, Is.EqualTo(new[] { TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(1) }));
    }

    [Test]
    public void A_timer_that_has_not_fired_is_left_alone_by_later_deadlines()
    {
        var system = new ManualTimers();
        using var timer = new LoopTimer(new MonotonicClock(system), () => { });
        timer.Arm(Now + TimeSpan.FromMilliseconds(100), Now);

        timer.Arm(Now + TimeSpan.FromMilliseconds(150), Now);
        timer.Arm(Now + TimeSpan.FromSeconds(3), Now + TimeSpan.FromMilliseconds(99));

        Assert.That(system.Waits, Has.Count.EqualTo(1));
    }

    [Test]
    public void An_earlier_deadline_sets_it_anew()
    {
        var system = new ManualTimers();
        using var timer = new LoopTimer(new MonotonicClock(system), () => { });
        timer.Arm(Now + TimeSpan.FromMilliseconds(200), Now);

        timer.Arm(Now + TimeSpan.FromMilliseconds(20), Now);

        Assert.That(system.Waits[^1], Is.EqualTo(TimeSpan.FromMilliseconds(20)));
    }

    [Test]
    public void Firing_calls_back()
    {
        var system = new ManualTimers();
        var calls = 0;
        using var timer = new LoopTimer(new MonotonicClock(system), () => calls++);
        timer.Arm(Now + TimeSpan.FromMilliseconds(200), Now);

        system.Fire();

        Assert.That(calls, Is.EqualTo(1));
    }

    /// <summary>One timer that fires when the test says so, whatever it was set to.</summary>
    private sealed class ManualTimers : TimeProvider
    {
        private Action _fire = () => { };

        public List<TimeSpan> Waits { get; } = [];

        public void Fire() => _fire();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = () => callback(state);
            return new ManualTimer(Waits);
        }

        private sealed class ManualTimer(List<TimeSpan> waits) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                waits.Add(dueTime);
                return true;
            }

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
