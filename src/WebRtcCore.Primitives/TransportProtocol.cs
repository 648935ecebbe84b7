namespace WebRtcCore.Primitives;

/// <summary>What carries the datagrams of a <see cref="NetworkPath"/>.</summary>
public enum TransportProtocol
{
    /// <summary>UDP datagrams.</summary>
    Udp,

    /// <summary>TCP with RFC 4571 framing.</summary>
    Tcp,
}
