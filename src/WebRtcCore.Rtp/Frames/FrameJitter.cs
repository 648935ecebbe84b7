using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Frames;

/// <summary>
/// How much later than the quickest frames of the last seconds the others come in: the delay that a receiver needs so that nearly all frames are in time.
/// </summary>
internal sealed class FrameJitter
{
    private const int Window = 128;
    private const int Percent = 95;

    private readonly long[] _transits = new long[Window];
    private int _count;
    private long _timestamp;
    private bool _hasTimestamp;
    private int _clockRate = 1;

    /// <summary>The delay within which 95 of 100 frames come in.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>When the frame that was taken in last would have come in if it had been as quick as the quickest.</summary>
    public Instant Expected { get; private set; }

    /// <summary>Takes in a frame.</summary>
    /// <param name="timestampTicks">Its timestamp.</param>
    /// <param name="clockRate">Ticks per second.</param>
    /// <param name="arrived">When its last packet came in.</param>
    public void Add(uint timestampTicks, int clockRate, Instant arrived)
    {
        // Timestamps that jump, or another clock: what was measured before has no relation to it.
        var step = (int)(timestampTicks - (uint)_timestamp);
        if (!_hasTimestamp || clockRate != _clockRate || Math.Abs((long)step) > 10L * clockRate)
        {
            _hasTimestamp = true;
            _clockRate = clockRate;
            _timestamp = timestampTicks;
            _count = 0;
        }
        else
        {
            _timestamp += step;
        }

        var media = ToTicks(_timestamp);
        _transits[_count++ % Window] = arrived.Ticks - media;
        Span<long> sorted = stackalloc long[Window];
        sorted = sorted[..Math.Min(_count, Window)];
        _transits.AsSpan(0, sorted.Length).CopyTo(sorted);
        sorted.Sort();
        var quickest = sorted[0];
        Delay = TimeSpan.FromTicks(sorted[(sorted.Length - 1) * Percent / 100] - quickest);
        Expected = new Instant(media + quickest);
        _count = _count >= 2 * Window ? _count - Window : _count;
    }

    private long ToTicks(long timestamp)
    {
        var (seconds, rest) = Math.DivRem(timestamp, _clockRate);
        return (seconds * TimeSpan.TicksPerSecond) + (rest * TimeSpan.TicksPerSecond / _clockRate);
    }
}
