using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Receive;

/// <summary>When to acknowledge (RFC 9260, 6.2): the first packet and every second one, at once where the peer should know, otherwise after a short while.</summary>
internal sealed class SackPolicy
{
    private readonly TimeSpan _delay;
    private int _packets;
    private bool _hasBegun;

    /// <summary>Creates a policy that lets a lone packet wait for <paramref name="delay"/>.</summary>
    public SackPolicy(TimeSpan delay) => _delay = delay;

    /// <summary>Whether a SACK is to go out now.</summary>
    public bool IsDue { get; private set; }

    /// <summary>Whether there is something to acknowledge, which goes along with any data sent.</summary>
    public bool IsPending => IsDue || _packets > 0;

    /// <summary>When a waiting SACK becomes due.</summary>
    public Instant? Deadline { get; private set; }

    /// <summary>Notes a packet that held DATA.</summary>
    /// <param name="isUrgent">A gap, a duplicate, or the peer's wish (RFC 7053).</param>
    /// <param name="now">The present.</param>
    public void OnPacket(bool isUrgent, Instant now)
    {
        _packets++;

        // RFC 9260 5.1: the first is acknowledged at once.
        if (isUrgent || _packets >= 2 || !_hasBegun)
        {
            RequestNow();
        }
        else
        {
            Deadline ??= now + _delay;
        }
    }

    /// <summary>Makes a SACK due.</summary>
    public void RequestNow()
    {
        IsDue = true;
        Deadline = null;
    }

    /// <summary>Makes a SACK due whose wait is over.</summary>
    public void OnTimeout(Instant now)
    {
        if (Deadline <= now)
        {
            RequestNow();
        }
    }

    /// <summary>Notes that a SACK has been written.</summary>
    public void OnSent()
    {
        _hasBegun = true;
        IsDue = false;
        Deadline = null;
        _packets = 0;
    }
}
