namespace WebRtcCore;

/// <summary>W3C <c>RTCRtcpMuxPolicy</c>.</summary>
public enum RtcpMuxPolicy
{
    /// <summary>RTP and RTCP share one transport; the only policy there is.</summary>
    Require,
}
