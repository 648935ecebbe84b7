namespace WebRtcCore.Rtp;

/// <summary>Payload formats by payload type.</summary>
internal sealed class PayloadFormatTable
{
    private readonly RtpPayloadFormat?[] _formats = new RtpPayloadFormat?[128];
    private readonly RtpPayloadFormat?[] _retransmissions = new RtpPayloadFormat?[128];

    public PayloadFormatTable(IReadOnlyList<RtpPayloadFormat> formats)
    {
        foreach (var format in formats)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(format.PayloadType.Value, 127, nameof(formats));
            ArgumentOutOfRangeException.ThrowIfLessThan(format.ClockRate, 1, nameof(formats));
            _formats[format.PayloadType.Value] = format;
            AllFeedback |= format.Feedback;
            switch (format.MimeType?.ToUpperInvariant())
            {
                case "AUDIO/RED" or "VIDEO/RED":
                    Red ??= format;
                    break;
                case "VIDEO/ULPFEC":
                    Ulpfec ??= format;
                    break;
                case "VIDEO/FLEXFEC-03":
                    FlexFec ??= format;
                    break;
                default:
                    break;
            }

            if (format.AssociatedPayloadType is { Value: < 128 } associated)
            {
                _retransmissions[associated.Value] = format;
            }
        }

        HasUlpfecContent = formats.Any(f => f.AssociatedPayloadType is null && f != Red && f != Ulpfec && IsUlpfecContent(f.PayloadType));
    }

    public RtpPayloadFormat? this[PayloadType payloadType] => _formats[payloadType.Value & 0x7F];

    /// <summary>The format that carries retransmissions of <paramref name="payloadType"/>, or <see langword="null"/>.</summary>
    public RtpPayloadFormat? FindRetransmission(PayloadType payloadType) => _retransmissions[payloadType.Value & 0x7F];

    /// <summary>Redundancy (RFC 2198), or <see langword="null"/>.</summary>
    public RtpPayloadFormat? Red { get; }

    /// <summary>Repair packets that come in RED (RFC 5109), or <see langword="null"/>.</summary>
    public RtpPayloadFormat? Ulpfec { get; }

    /// <summary>Whether repair packets in RED may stand beside any of the formats.</summary>
    public bool HasUlpfecContent { get; }

    /// <summary>Repair packets that are a stream of their own, or <see langword="null"/>.</summary>
    public RtpPayloadFormat? FlexFec { get; }

    /// <summary>
    /// Whether repair packets in RED may stand beside packets of a format. Not where lost packets are asked for and pictures have no numbers: the receiver cannot tell
    /// a lost repair packet from lost media then, and holds the next pictures back until it gives up, as nobody sends it again. Browsers decide the same way.
    /// </summary>
    public bool IsUlpfecContent(PayloadType payloadType) =>
        Red is not null && Ulpfec is not null && this[payloadType] is { } format
        && ((format.Feedback & RtcpFeedbackKinds.Nack) == 0
            || "video/VP8".Equals(format.MimeType, StringComparison.OrdinalIgnoreCase) || "video/VP9".Equals(format.MimeType, StringComparison.OrdinalIgnoreCase));

    /// <summary>The feedback of all payload types together.</summary>
    public RtcpFeedbackKinds AllFeedback { get; }
}
