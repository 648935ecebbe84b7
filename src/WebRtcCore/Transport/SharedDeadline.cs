using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>
/// The deadline of one connection on a <see cref="SharedTimer"/>. It moves later without touching the timer; <see cref="Set"/> belongs to the loop, the rest to the timer.
/// </summary>
internal sealed class SharedDeadline : IDisposable
{
    private const long None = long.MaxValue;

    private readonly SharedTimer _timer;
    private readonly TimeSpan _offset;
    private readonly Action _callback;
    private long _wanted = None;
    private long _queued = None;
    private volatile bool _isDisposed;

    /// <summary>Creates a deadline that is not set.</summary>
    /// <param name="clock">The clock of the connection.</param>
    /// <param name="callback">Called on the timer's thread.</param>
    public SharedDeadline(MonotonicClock clock, Action callback)
    {
        _timer = SharedTimer.For(clock.TimeProvider);
        _offset = clock.OffsetTo(_timer.Clock);
        _callback = callback;
    }

    /// <summary>Its place in the timer's heap, or -1.</summary>
    public int Index { get; set; } = -1;

    /// <summary>Where it stands in the timer's heap.</summary>
    public Instant Queued => new(_queued);

    /// <summary>Sees to it that the callback comes once, at this instant of the connection's clock or soon after, unless it is set anew before.</summary>
    public void Set(Instant deadline)
    {
        // Full fences here and in TryTakeDue: either the timer sees what is wanted, or this sees where it was put.
        var wanted = (deadline + _offset).Ticks;
        Interlocked.Exchange(ref _wanted, wanted);
        if (Volatile.Read(ref _queued) > wanted)
        {
            _timer.Queue(this);
        }
    }

    /// <summary>Says where it is to be queued; null if it is disposed of.</summary>
    public Instant? TryQueue()
    {
        _queued = Volatile.Read(ref _wanted);
        return _isDisposed || _queued == None ? null : new Instant(_queued);
    }

    /// <summary>Whether its time has come; otherwise when it will. It is not queued then, until it is set anew or, if it has a later time, put there.</summary>
    public bool TryTakeDue(Instant now, out Instant? later)
    {
        while (true)
        {
            var wanted = Volatile.Read(ref _wanted);
            var isDue = wanted <= now.Ticks;
            if (isDue)
            {
                // Who sets it from here on finds it not queued.
                wanted = None;
            }

            Interlocked.Exchange(ref _queued, wanted);
            if (isDue || Volatile.Read(ref _wanted) >= wanted)
            {
                later = isDue || wanted == None ? null : new Instant(wanted);
                return isDue;
            }
        }
    }

    public void CallBack() => _callback();

    public void Dispose()
    {
        _isDisposed = true;
        _timer.Remove(this);
    }
}
