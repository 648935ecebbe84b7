namespace WebRtcCore;

/// <summary>
/// W3C <c>RTCRtpTransceiver</c>: a sender and a receiver that share an m-line. Its state changes on the API dispatcher;
/// reading it is safe from any thread.
/// </summary>
public sealed class RtpTransceiver
{
    private readonly IMediaOperations _connection;
    private RtpTransceiverDirection _direction;

    internal RtpTransceiver(IMediaOperations connection, MediaKind kind, RtpSender sender, RtpReceiver receiver, RtpTransceiverDirection direction)
    {
        _connection = connection;
        Kind = kind;
        Sender = sender;
        Receiver = receiver;
        _direction = direction;
        sender.Transceiver = this;
        receiver.Transceiver = this;
    }

    /// <summary>The m-line's mid, once negotiated.</summary>
    public string? Mid { get; internal set; }

    /// <summary>What sends.</summary>
    public RtpSender Sender { get; }

    /// <summary>What receives.</summary>
    public RtpReceiver Receiver { get; }

    /// <summary>The direction wanted. Setting another one asks for negotiation.</summary>
    /// <exception cref="RtcException">InvalidStateError: the transceiver is stopped or the connection closed.</exception>
    /// <exception cref="ArgumentException">The value is <see cref="RtpTransceiverDirection.Stopped"/>; call <see cref="Stop"/>.</exception>
    public RtpTransceiverDirection Direction
    {
        get => IsStopping ? RtpTransceiverDirection.Stopped : _direction;
        set => _connection.SetDirection(this, value);
    }

    /// <summary>The direction last negotiated, or <see langword="null"/> before the first time.</summary>
    public RtpTransceiverDirection? CurrentDirection { get; internal set; }

    internal MediaKind Kind { get; }

    /// <summary>The index of the associated m-line; set from the moment that an offer with it is applied.</summary>
    internal int? MLineIndex { get; set; }

    /// <summary>Stop() was called; an offer will reject the m-line.</summary>
    internal bool IsStopping { get; set; }

    /// <summary>Stopped for good: the m-line was rejected or the connection closed.</summary>
    internal bool IsStopped { get; set; }

    /// <summary>Whether AddTrack made or took it: such a one may be taken by a remote offer's m-line (RFC 8829 5.10).</summary>
    internal bool CreatedByAddTrack { get; set; }

    /// <summary>Whether the negotiated direction ever let it send: such a sender is not taken for another track by AddTrack (W3C webrtc 5.1).</summary>
    internal bool HasSent { get; set; }

    /// <summary>The receiving side for which a track event has been fired (W3C [[FiredDirection]]).</summary>
    internal RtpTransceiverDirection? FiredDirection { get; set; }

    /// <summary>Set by <see cref="SetCodecPreferences"/>; empty for the defaults.</summary>
    internal IReadOnlyList<RtpCodecCapability> CodecPreferences { get; set; } = [];

    /// <summary>The direction as set, whether stopping or not.</summary>
    internal RtpTransceiverDirection PreferredDirection
    {
        get => _direction;
        set => _direction = value;
    }

    /// <summary>Stops sending and receiving; the next negotiation rejects the m-line, which may then be used anew. Does nothing a second time.</summary>
    /// <exception cref="RtcException">InvalidStateError: the connection is closed.</exception>
    public void Stop() => _connection.StopTransceiver(this);

    /// <summary>Chooses and orders the codecs to negotiate; an empty list goes back to the defaults.</summary>
    /// <exception cref="RtcException">InvalidModificationError: a codec is not among the capabilities.</exception>
    public void SetCodecPreferences(IReadOnlyList<RtpCodec> codecs) => _connection.SetCodecPreferences(this, codecs);
}
