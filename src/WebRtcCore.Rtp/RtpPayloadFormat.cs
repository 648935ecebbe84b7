namespace WebRtcCore.Rtp;

/// <summary>What one payload type means in one media section.</summary>
public sealed record RtpPayloadFormat
{
    /// <summary>The payload type.</summary>
    public required PayloadType PayloadType { get; init; }

    /// <summary>The media type, for example <c>video/VP8</c>; needed to put frames together.</summary>
    public string? MimeType { get; init; }

    /// <summary>Ticks of the RTP timestamp per second, at least 1.</summary>
    public required int ClockRate { get; init; }

    /// <summary>For a retransmission format (RFC 4588): the payload type whose packets it carries (<c>apt</c>).</summary>
    public PayloadType? AssociatedPayloadType { get; init; }

    /// <summary>The feedback agreed for the payload type.</summary>
    public RtcpFeedbackKinds Feedback { get; init; }
}
