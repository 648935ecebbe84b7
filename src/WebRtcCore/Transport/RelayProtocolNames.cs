using WebRtcCore.Ice;

namespace WebRtcCore.Transport;

/// <summary>What W3C calls the ways to a TURN server.</summary>
internal static class RelayProtocolNames
{
    /// <summary>W3C has no word for DTLS: it counts as what secures it.</summary>
    public static IceServerTransportProtocol? ToW3C(this IceRelayProtocol? protocol) => protocol switch
    {
        null => null,
        IceRelayProtocol.Udp => IceServerTransportProtocol.Udp,
        IceRelayProtocol.Tcp => IceServerTransportProtocol.Tcp,
        _ => IceServerTransportProtocol.Tls,
    };
}
