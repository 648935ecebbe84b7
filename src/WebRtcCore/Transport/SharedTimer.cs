using System.Runtime.CompilerServices;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>
/// One timer of the system for the deadlines of many connections, as long as they are not near: those that come together, as consent checks do, cost one wake-up of one
/// thread, which calls them back one after another. A callback that takes long holds the others up for <see cref="Patience"/> at most; then another thread helps.
/// A deadline that has moved later is put off when its time comes, without a callback. Any thread.
/// </summary>
internal sealed class SharedTimer
{
    /// <summary>Nearer deadlines get a timer of their own: they are more often alone, and a connection that has such is busy.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);

    // What comes due within this time comes together, at its end: nobody here has waited for less than 250 ms.
    private static readonly TimeSpan Grid = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);
    private static readonly ConditionalWeakTable<TimeProvider, SharedTimer> Timers = [];

    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private readonly ITimer _help;

    // Guarded by _gate.
    private readonly SharedDeadlineHeap _heap = new();
    private readonly Queue<SharedDeadline> _due = new();
    private Instant? _armedFor;
    private bool _isHelpSet;

    private SharedTimer(TimeProvider timeProvider)
    {
        Clock = new MonotonicClock(timeProvider);
        _timer = timeProvider.CreateTimer(static state => ((SharedTimer)state!).OnFired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _help = timeProvider.CreateTimer(static state => ((SharedTimer)state!).OnHelpDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The clock of the deadlines.</summary>
    public MonotonicClock Clock { get; }

    /// <summary>The timer of all who share a clock.</summary>
    public static SharedTimer For(TimeProvider timeProvider) => Timers.GetValue(timeProvider, static provider => new SharedTimer(provider));

    /// <summary>Puts a deadline where it is wanted now.</summary>
    public void Queue(SharedDeadline deadline)
    {
        lock (_gate)
        {
            if (deadline.TryQueue() is { } due)
            {
                _heap.Set(deadline, due);
                Arm();
            }
        }
    }

    /// <summary>Takes a deadline out for good.</summary>
    public void Remove(SharedDeadline deadline)
    {
        lock (_gate)
        {
            _heap.Remove(deadline);
            if (_heap.Count == 0 && _armedFor is not null)
            {
                _armedFor = null;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    // A timer that would fire too early, because the first deadline has gone, finds that out then.
    private void Arm()
    {
        if (_heap.First is not { } first || _armedFor <= first.RoundUp(Grid))
        {
            return;
        }

        first = first.RoundUp(Grid);

        // The system's timers count whole milliseconds, and not quite from now.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling((first - Clock.Now).TotalMilliseconds) + 1);
        _armedFor = first;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void OnFired()
    {
        lock (_gate)
        {
            _armedFor = null;
            var now = Clock.Now;
            while (_heap.First <= now)
            {
                var deadline = _heap.TakeFirst();
                if (deadline.TryTakeDue(now, out var later))
                {
                    _due.Enqueue(deadline);
                }
                else if (later is { } due)
                {
                    _heap.Set(deadline, due);
                }
            }

            Arm();
        }

        CallBack();
    }

    private void OnHelpDue()
    {
        lock (_gate)
        {
            _isHelpSet = false;
        }

        CallBack();
    }

    private void CallBack()
    {
        while (true)
        {
            SharedDeadline? deadline;
            lock (_gate)
            {
                var wantsHelp = _due.TryDequeue(out deadline) && _due.Count > 0;
                if (wantsHelp != _isHelpSet && (wantsHelp || deadline is null))
                {
                    _isHelpSet = wantsHelp;
                    _help.Change(wantsHelp ? Patience : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }
            }

            if (deadline is null)
            {
                return;
            }

            deadline.CallBack();
        }
    }
}
