namespace WebRtcCore;

/// <summary>W3C <c>RTCIceTransportPolicy</c>.</summary>
public enum IceTransportPolicy
{
    /// <summary>Any candidate may be used.</summary>
    All,

    /// <summary>Only relayed candidates: no address of this host is shown to the peer.</summary>
    Relay,
}
