namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpTransceiverInit</c>.</summary>
public sealed record RtpTransceiverOptions
{
    /// <summary>The direction to negotiate; not <see cref="RtpTransceiverDirection.Stopped"/>.</summary>
    public RtpTransceiverDirection Direction { get; init; } = RtpTransceiverDirection.SendRecv;

    /// <summary>The streams that the track belongs to at the peer.</summary>
    public IReadOnlyList<MediaStream> Streams { get; init; } = [];

    /// <summary>The encodings to send; empty for one without a rid.</summary>
    public IReadOnlyList<RtpEncodingParameters> SendEncodings { get; init; } = [];
}
