namespace WebRtcCore;

/// <summary>W3C <c>RTCIceComponent</c>.</summary>
public enum IceComponent
{
    /// <summary>RTP, and RTCP where they share the transport.</summary>
    Rtp,

    /// <summary>RTCP of its own; never used here.</summary>
    Rtcp,
}
