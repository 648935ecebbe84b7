using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>A peer of an allocation, with its channel if it has one.</summary>
internal sealed class TurnPeer(TransportAddress address, TurnPermission permission)
{
    public TransportAddress Address { get; } = address;

    public TurnPermission Permission { get; } = permission;

    /// <summary>The number chosen for the peer; never given to another.</summary>
    public TurnChannel? Channel { get; set; }

    /// <summary>Whether the server has bound the channel: only then data may use it.</summary>
    public bool IsBound { get; set; }

    /// <summary>When to bind it again.</summary>
    public Instant? RebindAt { get; set; }

    /// <summary>When the binding ends unless it is refreshed.</summary>
    public Instant ChannelExpiresAt { get; set; }
}
