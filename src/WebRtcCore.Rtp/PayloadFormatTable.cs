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
    }

    public RtpPayloadFormat? this[PayloadType payloadType] => _formats[payloadType.Value & 0x7F];

    /// <summary>The format that carries retransmissions of <paramref name="payloadType"/>, or <see langword="null"/>.</summary>
    public RtpPayloadFormat? FindRetransmission(PayloadType payloadType) => _retransmissions[payloadType.Value & 0x7F];

    /// <summary>Redundancy (RFC 2198), or <see langword="null"/>.</summary>
    public RtpPayloadFormat? Red { get; }

    /// <summary>Repair packets that come in RED (RFC 5109), or <see langword="null"/>.</summary>
    public RtpPayloadFormat? Ulpfec { get; }

    /// <summary>Repair packets that are a stream of their own, or <see langword="null"/>.</summary>
    public RtpPayloadFormat? FlexFec { get; }

    /// <summary>The feedback of all payload types together.</summary>
    public RtcpFeedbackKinds AllFeedback { get; }
}
