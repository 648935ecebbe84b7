namespace WebRtcCore;

/// <summary>W3C <c>RTCCodecStats</c> (<c>codec</c>): a codec that some stream is using.</summary>
public sealed record CodecStats() : RtcStats(StatsType.Codec)
{
    /// <summary>The payload type on the wire, 0 to 127.</summary>
    public int PayloadType { get; init; }

    /// <summary>The id of the <see cref="TransportStats"/> on which the payload type has this meaning.</summary>
    public string? TransportId { get; init; }

    /// <summary>For example <c>video/VP8</c>.</summary>
    public string MimeType { get; init; } = "";

    /// <summary>RTP clock rate in Hz.</summary>
    public int? ClockRate { get; init; }

    /// <summary>Channels, for audio.</summary>
    public int? Channels { get; init; }

    /// <summary>The <c>a=fmtp</c> parameters.</summary>
    public string? SdpFmtpLine { get; init; }
}
