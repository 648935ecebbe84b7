namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpCodecParameters</c>: a negotiated codec.</summary>
/// <param name="MimeType">For example <c>video/VP8</c>.</param>
/// <param name="ClockRate">RTP clock rate in Hz.</param>
/// <param name="PayloadType">The negotiated payload type, 0 to 127.</param>
public sealed record RtpCodecParameters(string MimeType, int ClockRate, int PayloadType)
    : RtpCodec(MimeType, ClockRate)
{
    /// <summary>The negotiated <c>a=rtcp-fb</c> values.</summary>
    public IReadOnlyList<string> RtcpFeedback { get; init; } = [];

    /// <summary>For RTX: the payload type that it repairs.</summary>
    public int? AssociatedPayloadType { get; init; }
}
