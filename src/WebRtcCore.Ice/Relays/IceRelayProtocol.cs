namespace WebRtcCore.Ice;

/// <summary>How a TURN server is spoken to.</summary>
public enum IceRelayProtocol
{
    /// <summary>Over UDP.</summary>
    Udp,

    /// <summary>Over TCP.</summary>
    Tcp,

    /// <summary>Over TLS on TCP.</summary>
    Tls,

    /// <summary>Over DTLS on UDP.</summary>
    Dtls,
}
