namespace WebRtcCore;

/// <summary>W3C <c>RTCIceProtocol</c>.</summary>
public enum IceProtocol
{
    /// <summary>UDP.</summary>
    Udp,

    /// <summary>TCP.</summary>
    Tcp,
}
