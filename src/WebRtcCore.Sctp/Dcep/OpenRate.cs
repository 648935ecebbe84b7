using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Dcep;

/// <summary>
/// How fast a peer may open channels: each costs objects and an event here, and one that is closed again at once is counted by no table. A burst is free.
/// </summary>
internal sealed class OpenRate
{
    /// <summary>Channels that may be opened at once.</summary>
    public const int Burst = 4096;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);
    private Instant _next;

    /// <summary>Whether another one may be opened now; it is counted if so.</summary>
    public bool TryTake(Instant now)
    {
        if (_next - now >= Burst * Interval)
        {
            return false;
        }

        _next = Instant.Max(_next, now) + Interval;
        return true;
    }
}
