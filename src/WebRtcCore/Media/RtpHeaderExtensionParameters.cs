namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpHeaderExtensionParameters</c>: a negotiated RTP header extension.</summary>
/// <param name="Uri">Its URI.</param>
/// <param name="Id">Its negotiated id, 1 to 255.</param>
public sealed record RtpHeaderExtensionParameters(string Uri, int Id);
