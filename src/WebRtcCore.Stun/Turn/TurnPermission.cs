using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>The permission of one IP address (RFC 8656, 9): ports do not count.</summary>
internal sealed class TurnPermission(TransportAddress address)
{
    public enum Phase
    {
        /// <summary>The server has been asked.</summary>
        Requested,

        /// <summary>The server has granted it, once at least.</summary>
        Granted,

        /// <summary>The server will not grant it.</summary>
        Refused,
    }

    /// <summary>The IP address; the port is 0.</summary>
    public TransportAddress Address { get; } = address;

    public Phase State { get; set; }

    /// <summary>When to ask for it again.</summary>
    public Instant? RefreshAt { get; set; }

    /// <summary>When it ends unless it is refreshed.</summary>
    public Instant ExpiresAt { get; set; }
}
