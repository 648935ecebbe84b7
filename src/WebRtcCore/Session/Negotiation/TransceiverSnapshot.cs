namespace WebRtcCore.Session.Negotiation;

/// <summary>What negotiation changes of a transceiver, as it was in the last stable state: a rollback restores it (W3C webrtc 4.4.1.5).</summary>
internal sealed class TransceiverSnapshot
{
    private readonly RtpTransceiver _transceiver;
    private readonly string? _mid;
    private readonly int? _mLineIndex;
    private readonly RtpTransceiverDirection? _currentDirection;
    private readonly RtpTransceiverDirection? _firedDirection;
    private readonly bool _hasSent;
    private readonly IReadOnlyList<RtpEncodingParameters> _encodings;
    private readonly (IReadOnlyList<RtpCodecParameters> Codecs, IReadOnlyList<RtpHeaderExtensionParameters> Extensions, RtcpParameters Rtcp) _sender;
    private readonly (IReadOnlyList<RtpCodecParameters> Codecs, IReadOnlyList<RtpHeaderExtensionParameters> Extensions, RtcpParameters Rtcp) _receiver;

    internal TransceiverSnapshot(RtpTransceiver transceiver)
    {
        _transceiver = transceiver;
        _mid = transceiver.Mid;
        _mLineIndex = transceiver.MLineIndex;
        _currentDirection = transceiver.CurrentDirection;
        _firedDirection = transceiver.FiredDirection;
        _hasSent = transceiver.HasSent;
        _encodings = transceiver.Sender.Encodings;
        _sender = (transceiver.Sender.Codecs, transceiver.Sender.HeaderExtensions, transceiver.Sender.Rtcp);
        _receiver = (transceiver.Receiver.Codecs, transceiver.Receiver.HeaderExtensions, transceiver.Receiver.Rtcp);
        Streams = [.. transceiver.Receiver.Streams];
    }

    internal bool WasReceiving => Directions.IsReceiving(_firedDirection);

    /// <summary>The remote streams that the track was in.</summary>
    internal IReadOnlyList<MediaStream> Streams { get; }

    internal void Restore()
    {
        _transceiver.Mid = _mid;
        _transceiver.MLineIndex = _mLineIndex;
        _transceiver.CurrentDirection = _currentDirection;
        _transceiver.FiredDirection = _firedDirection;
        _transceiver.HasSent = _hasSent;
        _transceiver.Sender.Encodings = _encodings;
        (_transceiver.Sender.Codecs, _transceiver.Sender.HeaderExtensions, _transceiver.Sender.Rtcp) = _sender;
        (_transceiver.Receiver.Codecs, _transceiver.Receiver.HeaderExtensions, _transceiver.Receiver.Rtcp) = _receiver;
    }
}
