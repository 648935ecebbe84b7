namespace WebRtcCore;

/// <summary>A codec that can be offered: W3C's <see cref="RtpCodec"/> with the payload type and feedback that offers prefer.</summary>
/// <param name="MimeType">For example <c>video/VP8</c>.</param>
/// <param name="ClockRate">RTP clock rate in Hz.</param>
public sealed record RtpCodecCapability(string MimeType, int ClockRate)
    : RtpCodec(MimeType, ClockRate)
{
    /// <summary>The payload type to use in own offers, if it is free; 0 to 127. <see langword="null"/>: the next free dynamic one.</summary>
    public int? PreferredPayloadType { get; init; }

    /// <summary>The <c>a=rtcp-fb</c> values, for example <c>nack pli</c>.</summary>
    public IReadOnlyList<string> RtcpFeedback { get; init; } = [];

    /// <summary>Whether RTX (RFC 4588) is offered for it.</summary>
    public bool HasRtx { get; init; }
}
