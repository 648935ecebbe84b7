namespace WebRtcCore;

/// <summary>W3C <c>RTCIceServerTransportProtocol</c>: how a TURN server is spoken to.</summary>
public enum IceServerTransportProtocol
{
    /// <summary>Over UDP.</summary>
    Udp,

    /// <summary>Over TCP.</summary>
    Tcp,

    /// <summary>Over TLS.</summary>
    Tls,
}
