using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>Where an agent gathers candidates from.</summary>
public sealed record IceGatheringOptions
{
    /// <summary>The addresses of the bound sockets, no wildcards. At most 32 are used.</summary>
    public IReadOnlyList<TransportAddress> HostAddresses { get; init; } = [];

    /// <summary>STUN servers; each socket asks those of its family. At most 8 are used.</summary>
    public IReadOnlyList<StunServer> StunServers { get; init; } = [];

    /// <summary>TURN servers; each socket asks those of its family, all at once. At most 8 are used.</summary>
    public IReadOnlyList<TurnServer> TurnServers { get; init; } = [];

    /// <summary>
    /// Whether only relayed candidates are offered and used (W3C <c>iceTransportPolicy: "relay"</c>): the sockets then speak to TURN servers and to nobody else,
    /// and no address of theirs is told.
    /// </summary>
    public bool IsRelayOnly { get; init; }
}
