using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>
/// When the next check may start (RFC 8445, 6.1.4.2 and 14.2). The first goes out at once; ordinary ones then follow one per interval.
/// </summary>
/// <remarks>
/// Deviation: triggered checks do not wait for the interval as long as their short-term number stays below <see cref="Burst"/>. Each one
/// answers an authenticated request, so the peer's own pacing bounds them, and a connection on a local network comes up in one round trip.
/// </remarks>
internal sealed class CheckPacer(TimeSpan interval)
{
    private const int Burst = 5;

    // Each triggered check moves this one interval on; it may run ahead of the time by the burst (a token bucket).
    private Instant _triggeredCredit;
    private Instant? _nextOrdinary;

    /// <summary>When an ordinary check may start; <see langword="null"/> is at once.</summary>
    public Instant? NextOrdinary => _nextOrdinary;

    /// <summary>When a triggered check may start.</summary>
    public Instant NextTriggered => _triggeredCredit - (interval * (Burst - 1));

    public bool TryTakeOrdinary(Instant now)
    {
        if (_nextOrdinary is { } next && now < next)
        {
            return false;
        }

        _nextOrdinary = now + interval;
        return true;
    }

    public bool TryTakeTriggered(Instant now)
    {
        if (now < NextTriggered)
        {
            return false;
        }

        _triggeredCredit = Instant.Max(_triggeredCredit, now) + interval;
        _nextOrdinary = Instant.Max(_nextOrdinary ?? now, now + interval);
        return true;
    }
}
