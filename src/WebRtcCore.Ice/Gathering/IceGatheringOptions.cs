using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>Where an agent gathers candidates from.</summary>
public sealed record IceGatheringOptions
{
    /// <summary>The addresses of the bound sockets, no wildcards. At most 32 are used.</summary>
    public IReadOnlyList<TransportAddress> HostAddresses { get; init; } = [];

    /// <summary>
    /// What using the networks of some host addresses costs, as libwebrtc counts: 0 for cables, 10 for Wi-Fi, 900 for cellular networks, 50 if unknown. Addresses that
    /// are not named cost nothing. Cheaper ones are preferred among equals.
    /// </summary>
    public IReadOnlyDictionary<TransportAddress, int> NetworkCosts { get; init; } = new Dictionary<TransportAddress, int>();

    /// <summary>Host candidates over TCP (RFC 6544); a lite agent has passive ones only.</summary>
    public IReadOnlyList<IceTcpHost> TcpHosts { get; init; } = [];

    /// <summary>STUN servers; each socket asks those of its family. At most 8 are used.</summary>
    public IReadOnlyList<StunServer> StunServers { get; init; } = [];

    /// <summary>TURN servers; each socket asks those of its family, all at once. At most 8 are used.</summary>
    public IReadOnlyList<TurnServer> TurnServers { get; init; } = [];

    /// <summary>Servers that cannot be asked at all: each is reported, and nothing else.</summary>
    public IReadOnlyList<UnusableServer> UnusableServers { get; init; } = [];

    /// <summary>
    /// The sockets that speak to TURN servers in place of <see cref="HostAddresses"/>, which then belong to several agents: a server takes one allocation from an
    /// address and port (RFC 8656, 5). They are no candidates. Empty, the default: those of <see cref="HostAddresses"/>.
    /// </summary>
    public IReadOnlyList<TransportAddress> RelayHostAddresses { get; init; } = [];

    /// <summary>
    /// Names, by address with port 0, that are told in place of the host addresses, which are then told nowhere (draft-ietf-mmusic-mdns-ice-candidates, 3.1);
    /// an address with no name is kept back. <see langword="null"/>, the default: addresses are told.
    /// </summary>
    public IReadOnlyDictionary<TransportAddress, string?>? HostNames { get; init; }

    /// <summary>
    /// Whether only relayed candidates are offered and used (W3C <c>iceTransportPolicy: "relay"</c>): the sockets then speak to TURN servers and to nobody else,
    /// and no address of theirs is told.
    /// </summary>
    public bool IsRelayOnly { get; init; }
}
