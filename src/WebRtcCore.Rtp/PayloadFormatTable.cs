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
            if (format.AssociatedPayloadType is { Value: < 128 } associated)
            {
                _retransmissions[associated.Value] = format;
            }
        }
    }

    public RtpPayloadFormat? this[PayloadType payloadType] => _formats[payloadType.Value & 0x7F];

    /// <summary>The format that carries retransmissions of <paramref name="payloadType"/>, or <see langword="null"/>.</summary>
    public RtpPayloadFormat? FindRetransmission(PayloadType payloadType) => _retransmissions[payloadType.Value & 0x7F];

    /// <summary>The feedback of all payload types together.</summary>
    public RtcpFeedbackKinds AllFeedback { get; }
}
