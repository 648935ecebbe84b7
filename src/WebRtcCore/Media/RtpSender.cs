using WebRtcCore.Rtp;

namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpSender</c>: sends one track's media. Safe to use from any thread.</summary>
public sealed class RtpSender
{
    private readonly IMediaOperations _connection;
    private volatile MediaStreamTrack? _track;
    private long _targetBitrateBps = -1;

    internal RtpSender(IMediaOperations connection, MediaKind kind, MediaStreamTrack? track, Ssrc ssrc, Ssrc rtxSsrc, Ssrc fecSsrc)
    {
        _connection = connection;
        _track = track;
        Kind = kind;
        Ssrc = ssrc;
        RtxSsrc = rtxSsrc;
        FecSsrc = fecSsrc;
    }

    /// <summary>The track that is sent; <see langword="null"/> to send nothing.</summary>
    public MediaStreamTrack? Track
    {
        get => _track;
        internal set => _track = value;
    }

    /// <summary>The DTLS transport that carries it, once negotiated.</summary>
    public DtlsTransport? Transport => Transceiver.Mid is null ? null : _connection.DtlsTransport;

    /// <summary>
    /// The receiver wants a key frame (PLI or FIR, RFC 4585, 5104). Raised on the connection's loop, so that an encoder or a forwarder
    /// reacts at once: return soon, do not block.
    /// </summary>
    public event EventHandler? KeyFrameRequested;

    /// <summary>
    /// <see cref="TargetBitrateBps"/> has changed by 3 % or more: the encoder is to follow. Raised on the connection's loop, as
    /// <see cref="KeyFrameRequested"/> is: return soon, do not block.
    /// </summary>
    public event EventHandler<TargetBitrateEventArgs>? TargetBitrateChanged;

    /// <summary>
    /// What the application's encoder is to make, in bits per second of payload, as congestion control finds it: this sender's part of what the
    /// path carries, no more than the encoding's <see cref="RtpEncodingParameters.MaxBitrateBps"/>. <see langword="null"/> until negotiation has shown that
    /// the peer gives feedback.
    /// </summary>
    public long? TargetBitrateBps => Interlocked.Read(ref _targetBitrateBps) is var bitrate and >= 0 ? bitrate : null;

    internal MediaKind Kind { get; }

    internal RtpTransceiver Transceiver { get; set; } = null!;

    /// <summary>The SSRC of the (first) encoding; fixed for the sender's life.</summary>
    internal Ssrc Ssrc { get; }

    /// <summary>The SSRC of its retransmissions, used where RTX is negotiated.</summary>
    internal Ssrc RtxSsrc { get; }

    /// <summary>The SSRC of its repair packets, used where FlexFEC is negotiated.</summary>
    internal Ssrc FecSsrc { get; }

    /// <summary>The ids of the streams that the track belongs to at the peer (W3C [[AssociatedMediaStreamIds]]).</summary>
    internal IReadOnlyList<string> StreamIds { get; set; } = [];

    /// <summary>The track's name in this sender's msid, fixed from the first description on (RFC 8829 5.2.1).</summary>
    internal string? MsidTrackId { get; set; }

    internal IReadOnlyList<RtpEncodingParameters> Encodings { get; set; } = [new()];

    /// <summary>Negotiated send codecs: W3C [[SendCodecs]].</summary>
    internal IReadOnlyList<RtpCodecParameters> Codecs { get; set; } = [];

    internal IReadOnlyList<RtpHeaderExtensionParameters> HeaderExtensions { get; set; } = [];

    internal RtcpParameters Rtcp { get; set; } = new("", false);

    /// <summary>The id of the parameters last handed out, or <see langword="null"/> (W3C [[LastReturnedParameters]]).</summary>
    internal string? LastTransactionId { get; set; }

    /// <summary>Whether track and encoding let media out; direction and transport are the session's to check.</summary>
    internal bool IsSending => Track is { Enabled: true, ReadyState: MediaStreamTrackState.Live } && Encodings is [{ Active: true }, ..];

    /// <summary>What cuts its frames; belongs to the loop.</summary>
    internal SenderPacketizers Packetizers { get; } = new();

    /// <summary>The codecs and header extensions that this library can send for a kind of media.</summary>
    public static RtpCapabilities GetCapabilities(MediaKind kind) =>
        kind == MediaKind.Audio ? RtpCapabilities.DefaultAudio : RtpCapabilities.DefaultVideo;

    /// <summary>Changes what is sent without negotiation; <see langword="null"/> sends nothing.</summary>
    /// <exception cref="ArgumentException">The track is of the other kind.</exception>
    /// <exception cref="RtcException">InvalidStateError: the transceiver is stopped.</exception>
    public Task ReplaceTrackAsync(MediaStreamTrack? track) => _connection.ReplaceTrackAsync(this, track);

    /// <summary>Sets the streams that the track belongs to at the peer; asks for negotiation.</summary>
    public void SetStreams(params IReadOnlyList<MediaStream> streams) => _connection.SetStreams(this, streams);

    /// <summary>The current parameters, to be changed and given to <see cref="SetParametersAsync"/>.</summary>
    public RtpSendParameters GetParameters() => _connection.GetParameters(this);

    /// <summary>Sets what <see cref="GetParameters"/> returned, changed.</summary>
    /// <exception cref="RtcException">InvalidStateError: not preceded by <see cref="GetParameters"/>; InvalidModificationError: something read-only was changed.</exception>
    public Task SetParametersAsync(RtpSendParameters parameters) => _connection.SetParametersAsync(this, parameters);

    /// <summary>Statistics of this sender's stream and all that it refers to.</summary>
    public Task<StatsReport> GetStatsAsync(CancellationToken cancellationToken = default) => _connection.GetStatsAsync(this, null, cancellationToken);

    /// <summary>
    /// Sends one RTP packet that the application brings: from a file, a camera, another program. SSRC, sequence number and timestamp offset are
    /// rewritten, header extensions replaced by this connection's; payload type, marker and payload stay. Dropped while direction, track or
    /// transport do not let it out, and if its payload type is not negotiated.
    /// </summary>
    /// <param name="packet">A whole RTP packet, <em>borrowed</em> for the call.</param>
    /// <exception cref="ArgumentException">This is no RTP packet.</exception>
    public void SendRtp(ReadOnlySpan<byte> packet)
    {
        if (!RtpPacketView.TryParse(packet, out _))
        {
            throw new ArgumentException("This is no RTP packet.", nameof(packet));
        }

        _connection.SendRtp(this, packet, null);
    }

    /// <summary>
    /// Forwards a packet that a receiver, of this or another connection, has just received: like <see cref="SendRtp"/>, but the header extensions that both
    /// sides know are carried over, and the payload type becomes this connection's for the same codec.
    /// </summary>
    /// <param name="source">The receiver.</param>
    /// <param name="packet">Its packet, <em>borrowed</em> for the call.</param>
    public void Forward(RtpReceiver source, in RtpPacketView packet)
    {
        ArgumentNullException.ThrowIfNull(source);
        _connection.SendRtp(this, packet.Packet, source);
    }

    /// <summary>
    /// Sends one encoded frame that the application brings from an encoder or a file. It is cut into packets that fit the path; the RTP timestamp goes out as it
    /// is given. Dropped while direction, track or transport do not let it out, if its payload type is not negotiated, and if too much waits to be sent. Video
    /// may be as large as needed, except that an H.264 NAL unit must fit in a packet where only packetization mode 0 is agreed; an audio frame must always fit.
    /// </summary>
    /// <param name="frame">The frame, <em>given</em>: its bytes must not change any more. Without a payload type it goes as the first negotiated codec.</param>
    /// <exception cref="ArgumentException">The data has not the form that its codec needs (see <see cref="EncodedFrame.Data"/>), or is audio too large for a packet.</exception>
    /// <exception cref="RtcException">NotSupportedError: the codec's payload format is not known here; <see cref="SendRtp"/> can send it.</exception>
    public void SendFrame(EncodedFrame frame) => _connection.SendFrame(this, frame);

    internal void SetTargetBitrate(long bitrateBps)
    {
        Interlocked.Exchange(ref _targetBitrateBps, bitrateBps);
        TargetBitrateChanged?.Invoke(this, new TargetBitrateEventArgs(bitrateBps));
    }

    internal void RaiseKeyFrameRequested() => KeyFrameRequested?.Invoke(this, EventArgs.Empty);
}
