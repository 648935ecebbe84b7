namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpHeaderExtensionCapability</c>: an RTP header extension that can be negotiated.</summary>
/// <param name="Uri">Its URI.</param>
public sealed record RtpHeaderExtensionCapability(string Uri);
