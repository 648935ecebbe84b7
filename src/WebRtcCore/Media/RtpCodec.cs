namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpCodec</c>: a codec and its parameters, without a payload type.</summary>
/// <param name="MimeType">For example <c>video/VP8</c>; letter case does not matter.</param>
/// <param name="ClockRate">RTP clock rate in Hz.</param>
public record RtpCodec(string MimeType, int ClockRate)
{
    /// <summary>Channels, for audio; <see langword="null"/> for video.</summary>
    public int? Channels { get; init; }

    /// <summary>The <c>a=fmtp</c> parameters; <see langword="null"/> for none.</summary>
    public string? SdpFmtpLine { get; init; }

    /// <summary>The part of <see cref="MimeType"/> behind the slash.</summary>
    public string Name => MimeType[(MimeType.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>Whether this is retransmission (RTX), redundancy (RED), FEC or comfort noise rather than a codec that carries media of its own.</summary>
    public bool IsResiliencyMechanism =>
        Name.Equals("rtx", StringComparison.OrdinalIgnoreCase) || Name.Equals("red", StringComparison.OrdinalIgnoreCase) ||
        Name.Equals("ulpfec", StringComparison.OrdinalIgnoreCase) || Name.StartsWith("flexfec", StringComparison.OrdinalIgnoreCase) ||
        Name.Equals("CN", StringComparison.OrdinalIgnoreCase) || Name.Equals("telephone-event", StringComparison.OrdinalIgnoreCase);
}
