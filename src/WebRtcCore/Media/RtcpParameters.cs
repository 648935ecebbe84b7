namespace WebRtcCore;

/// <summary>W3C <c>RTCRtcpParameters</c>.</summary>
/// <param name="Cname">The canonical name in RTCP SDES.</param>
/// <param name="ReducedSize">Whether reduced-size RTCP (RFC 5506) was negotiated.</param>
public sealed record RtcpParameters(string Cname, bool ReducedSize);
