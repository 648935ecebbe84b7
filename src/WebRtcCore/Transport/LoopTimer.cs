using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>
/// The one timer of a connection. A deadline that moves later, as a retransmission timer does with every acknowledgement, costs nothing: the timer fires
/// where it stood, finds nothing due and is armed again. What is not near waits on a timer that all connections share. Used by the loop only, except for the callback.
/// </summary>
internal sealed class LoopTimer : IDisposable
{
    private static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(1);
    private readonly ITimer _timer;
    private readonly SharedDeadline _shared;
    private readonly Action _callback;
    private Instant? _armedFor;
    private int _hasFired;

    /// <summary>Creates a timer that stands still.</summary>
    public LoopTimer(MonotonicClock clock, Action callback)
    {
        _callback = callback;
        _shared = new SharedDeadline(clock, callback);
        _timer = clock.TimeProvider.CreateTimer(static state => ((LoopTimer)state!).OnFired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How often the system's own timer was set; for tests.</summary>
    public int Changes { get; private set; }

    /// <summary>Sees to it that the callback comes no later than <paramref name="deadline"/>, give or take a millisecond.</summary>
    public void Arm(Instant? deadline, Instant now)
    {
        // The clock cannot tell whether it has fired: the system's timers count coarser ticks than the clock, and may be a little early.
        if (Interlocked.Exchange(ref _hasFired, 0) != 0)
        {
            _armedFor = null;
        }

        if (deadline is not { } due || (_armedFor is { } armed && armed <= due + Resolution))
        {
            return;
        }

        if (due - now >= SharedTimer.Shortest)
        {
            _shared.Set(due);
            return;
        }

        // Timers count whole milliseconds and cut off the rest: firing early would cost a turn that finds nothing due.
        var wait = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((due - now).TotalMilliseconds)));
        _armedFor = now + wait;
        Changes++;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _shared.Dispose();
    }

    // Comes on any thread, also while the loop is arming; the turn that the callback causes arms again.
    private void OnFired()
    {
        Volatile.Write(ref _hasFired, 1);
        _callback();
    }
}
