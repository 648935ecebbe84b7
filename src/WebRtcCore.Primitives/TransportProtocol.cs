namespace WebRtcCore.Primitives;

/// <summary>What carries the datagrams of a <see cref="NetworkPath"/>.</summary>
public enum TransportProtocol
{
    /// <summary>UDP datagrams.</summary>
    Udp,

    /// <summary>TCP with RFC 4571 framing.</summary>
    Tcp,

    /// <summary>DTLS over UDP: datagrams as they are, sealed on the way.</summary>
    Dtls,
}
