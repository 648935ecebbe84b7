using WebRtcCore.Media;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp;

namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpSender</c>: sends one track's media. Safe to use from any thread.</summary>
public sealed class RtpSender
{
    private readonly IMediaOperations _connection;
    private volatile MediaStreamTrack? _track;
    private volatile IReadOnlyList<RtpEncodingParameters> _encodings = [new()];
    private volatile IReadOnlyList<EncodingBitrate> _bitrates = [];
    private IReadOnlyList<EncodingTarget> _toldTargets = [];
    private long _targetBitrateBps = -1;
    private double _remoteLoss;
    private readonly AudioSending? _audio;
    private readonly VideoSending? _video;
    private bool _isReleased;
    private readonly Lock _timestampGate = new();
    private uint _lastTimestamp;
    private Instant? _lastSent;

    internal RtpSender(IMediaOperations connection, MediaKind kind, MediaStreamTrack? track, Func<Ssrc> nextSsrc)
    {
        _connection = connection;
        Kind = kind;
        Ssrcs = new SenderSsrcs(nextSsrc);
        _audio = kind == MediaKind.Audio ? new AudioSending(this, () => connection.Environment) : null;
        Dtmf = kind == MediaKind.Audio ? new DtmfSender(this, () => connection.Environment) : null;
        _video = kind == MediaKind.Video ? new VideoSending(this, () => connection.Environment) : null;
        Track = track;
    }

    /// <summary>The track that is sent; <see langword="null"/> to send nothing.</summary>
    public MediaStreamTrack? Track
    {
        get => _track;
        internal set
        {
            _track?.Detach(this);
            _track = value;
            if (!_isReleased)
            {
                value?.Attach(this);
            }
        }
    }

    /// <summary>
    /// What is done to each encoded frame between codec and packets, as W3C's encoded transforms: encrypted, measured, left out (<see langword="null"/>). For frames
    /// of <see cref="SendFrame"/> as for those that the sender encodes itself; on the thread that gives them. It must not change the data of its argument in place.
    /// </summary>
    public Func<EncodedFrame, EncodedFrame?>? Transform { get; set; }

    /// <summary>Presses keys of a telephone for the peer; <see langword="null"/> for video.</summary>
    public DtmfSender? Dtmf { get; }

    /// <summary>The DTLS transport that carries it, once negotiated.</summary>
    public DtlsTransport? Transport => Transceiver.Mid is null ? null : _connection.DtlsTransport;

    /// <summary>
    /// The receiver wants a key frame (PLI or FIR, RFC 4585, 5104). Raised on the connection's loop, so that an encoder or a forwarder
    /// reacts at once: return soon, do not block.
    /// </summary>
    public event EventHandler<KeyFrameRequestEventArgs>? KeyFrameRequested;

    /// <summary>
    /// <see cref="TargetBitrateBps"/> has changed by 3 % or more: the encoder is to follow. Raised on the connection's loop, as
    /// <see cref="KeyFrameRequested"/> is: return soon, do not block.
    /// </summary>
    public event EventHandler<TargetBitrateEventArgs>? TargetBitrateChanged;

    /// <summary>
    /// <see cref="EncodingTargets"/> have changed, by 3 % or more, by a layer that goes on or off, or through <see cref="SetParametersAsync"/>. For simulcast; raised on
    /// the connection's loop, as <see cref="KeyFrameRequested"/> is: return soon, do not block.
    /// </summary>
    public event EventHandler<EncodingTargetsEventArgs>? EncodingTargetsChanged;

    /// <summary>
    /// What the application's encoder is to make of each encoding, in the order of <see cref="RtpSendParameters.Encodings"/>. The smaller layers of a simulcast come
    /// first: a larger one is on while what they leave is enough for it.
    /// </summary>
    public IReadOnlyList<EncodingTarget> EncodingTargets
    {
        get
        {
            var bitrates = _bitrates;
            return [.. _encodings.Select(encoding => ToTarget(encoding, bitrates))];
        }
    }

    /// <summary>
    /// What the application's encoder is to make, in bits per second of payload, as congestion control finds it: this sender's part of what the
    /// path carries, no more than the encoding's <see cref="RtpEncodingParameters.MaxBitrateBps"/>; for simulcast the sum of <see cref="EncodingTargets"/>. <see langword="null"/> until negotiation has shown that
    /// the peer gives feedback.
    /// </summary>
    public long? TargetBitrateBps => Interlocked.Read(ref _targetBitrateBps) is var bitrate and >= 0 ? bitrate : null;

    internal MediaKind Kind { get; }

    internal RtpTransceiver Transceiver { get; set; } = null!;

    /// <summary>The SSRCs of the encodings; fixed for the sender's life.</summary>
    internal SenderSsrcs Ssrcs { get; }

    /// <summary>The ids of the streams that the track belongs to at the peer (W3C [[AssociatedMediaStreamIds]]).</summary>
    internal IReadOnlyList<string> StreamIds { get; set; } = [];

    /// <summary>The track's name in this sender's msid, fixed from the first description on (RFC 8829 5.2.1).</summary>
    internal string? MsidTrackId { get; set; }

    internal IReadOnlyList<RtpEncodingParameters> Encodings
    {
        get => _encodings;
        set
        {
            Ssrcs.Add(value);
            _encodings = value;
        }
    }

    /// <summary>Negotiated send codecs: W3C [[SendCodecs]].</summary>
    internal IReadOnlyList<RtpCodecParameters> Codecs { get; set; } = [];

    internal IReadOnlyList<RtpHeaderExtensionParameters> HeaderExtensions { get; set; } = [];

    internal RtcpParameters Rtcp { get; set; } = new("", false);

    /// <summary>The id of the parameters last handed out, or <see langword="null"/> (W3C [[LastReturnedParameters]]).</summary>
    internal string? LastTransactionId { get; set; }

    /// <summary>Whether track and encodings let media out; direction and transport are the session's to check.</summary>
    internal bool IsSending => Track is { Enabled: true, ReadyState: MediaStreamTrackState.Live } && HasActiveEncoding(_encodings);

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

        _connection.SendRtp(this, packet, null, null);
    }

    /// <summary>As <see cref="SendRtp(ReadOnlySpan{byte})"/>, as a packet of one simulcast layer.</summary>
    /// <param name="packet">A whole RTP packet, <em>borrowed</em> for the call.</param>
    /// <param name="rid">The layer; dropped where negotiation has left none of this name, or it is not active.</param>
    /// <exception cref="ArgumentException">This is no RTP packet.</exception>
    public void SendRtp(ReadOnlySpan<byte> packet, string rid)
    {
        ArgumentNullException.ThrowIfNull(rid);
        if (!RtpPacketView.TryParse(packet, out _))
        {
            throw new ArgumentException("This is no RTP packet.", nameof(packet));
        }

        _connection.SendRtp(this, packet, null, rid);
    }

    /// <summary>
    /// Forwards a packet that a receiver, of this or another connection, has just received: like <see cref="SendRtp(ReadOnlySpan{byte})"/>, but the header extensions that both
    /// sides know are carried over, and the payload type becomes this connection's for the same codec.
    /// </summary>
    /// <param name="source">The receiver.</param>
    /// <param name="packet">Its packet, <em>borrowed</em> for the call.</param>
    public void Forward(RtpReceiver source, in RtpPacketView packet)
    {
        ArgumentNullException.ThrowIfNull(source);
        _connection.SendRtp(this, packet.Packet, source, null);
    }

    /// <summary>As <see cref="Forward(RtpReceiver, in RtpPacketView)"/>, as a packet of one simulcast layer of this sender.</summary>
    /// <param name="source">The receiver.</param>
    /// <param name="packet">Its packet, <em>borrowed</em> for the call.</param>
    /// <param name="rid">The layer; dropped where negotiation has left none of this name, or it is not active.</param>
    public void Forward(RtpReceiver source, in RtpPacketView packet, string rid)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(rid);
        _connection.SendRtp(this, packet.Packet, source, rid);
    }

    /// <summary>
    /// Sends one encoded frame that the application brings from an encoder or a file. It is cut into packets that fit the path; the RTP timestamp goes out as it
    /// is given. Dropped while direction, track or transport do not let it out, if its payload type is not negotiated, and if too much waits to be sent. Video
    /// may be as large as needed, except that an H.264 NAL unit must fit in a packet where only packetization mode 0 is agreed; an audio frame must always fit.
    /// </summary>
    /// <param name="frame">The frame, <em>given</em>: its bytes must not change any more. Without a payload type it goes as the first negotiated codec; with a <see cref="EncodedFrame.Rid"/> as that layer, without one as the first encoding.</param>
    /// <exception cref="ArgumentException">The data has not the form that its codec needs (see <see cref="EncodedFrame.Data"/>), or is audio too large for a packet.</exception>
    /// <exception cref="RtcException">NotSupportedError: the codec's payload format is not known here; <see cref="SendRtp(ReadOnlySpan{byte})"/> can send it.</exception>
    public void SendFrame(EncodedFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if ((Transform is { } transform ? transform(frame) : frame) is { } transformed)
        {
            _connection.SendFrame(this, transformed);
            if (Kind == MediaKind.Audio)
            {
                lock (_timestampGate)
                {
                    _lastTimestamp = transformed.TimestampTicks;
                    _lastSent = _connection.Environment.Clock.Now;
                }
            }
        }
    }

    /// <summary>Sends a frame that is no codec's: a telephone event.</summary>
    internal void SendUntransformed(EncodedFrame frame) => _connection.SendFrame(this, frame);

    /// <summary>The RTP timestamp of the present, as the last frame and the clock tell it.</summary>
    internal uint GetTimestamp(int clockRate, Instant now)
    {
        lock (_timestampGate)
        {
            if (_lastSent is null)
            {
                _lastTimestamp = _connection.Environment.Random.NextUInt32();
                _lastSent = now;
            }

            return _lastTimestamp + (uint)((now - _lastSent.Value).TotalSeconds * clockRate);
        }
    }

    /// <summary>Encodes and sends sound of the track; see <see cref="MediaStreamTrack.WriteAudio(ReadOnlySpan{short}, AudioFormat)"/>.</summary>
    internal void WriteAudio(ReadOnlySpan<short> samples, AudioFormat format) => _audio?.Write(samples, format);

    /// <summary>Encodes and sends a picture of the track; see <see cref="MediaStreamTrack.WritePicture"/>.</summary>
    internal void WritePicture(VideoPicture picture) => _video?.Write(picture);

    /// <summary>Nothing will be sent any more: the track lives on without this sender, and the encoder is released.</summary>
    internal void Release()
    {
        _isReleased = true;
        _track?.Detach(this);
        Dtmf?.Stop();
        _audio?.Close();
        _video?.Close();
    }

    /// <summary>The peer has reported the share of packets lost, 0 to 1; on the loop.</summary>
    internal void SetRemoteLoss(double fraction)
    {
        // Reports come every few seconds, each of a few hundred packets at most: single ones say little.
        _remoteLoss = (_remoteLoss * 0.6) + (fraction * 0.4);
        _audio?.SetExpectedLoss(_remoteLoss);
    }

    /// <summary>Congestion control wants this of the encodings, or they have changed; on the loop.</summary>
    /// <param name="bitrates">One for each stream; empty where the peer gives no feedback.</param>
    internal void SetBitrates(IReadOnlyList<EncodingBitrate> bitrates)
    {
        _bitrates = bitrates;
        if (bitrates.Count > 0)
        {
            var sum = bitrates.Sum(bitrate => bitrate.BitrateBps);
            if (Interlocked.Exchange(ref _targetBitrateBps, sum) != sum)
            {
                _audio?.SetTargetBitrate(sum);
                _video?.SetTargetBitrate(bitrates[0].BitrateBps);
                TargetBitrateChanged?.Invoke(this, new TargetBitrateEventArgs(sum));
            }
        }

        var targets = EncodingTargets;
        if (!targets.SequenceEqual(_toldTargets))
        {
            _toldTargets = targets;
            EncodingTargetsChanged?.Invoke(this, new EncodingTargetsEventArgs(targets));
        }
    }

    internal void RaiseKeyFrameRequested(string? rid)
    {
        _video?.RequestKeyFrame();
        KeyFrameRequested?.Invoke(this, new KeyFrameRequestEventArgs(rid));
    }

    // Without enumerators: asked for every packet.
    private static bool HasActiveEncoding(IReadOnlyList<RtpEncodingParameters> encodings)
    {
        for (var i = 0; i < encodings.Count; i++)
        {
            if (encodings[i].Active)
            {
                return true;
            }
        }

        return false;
    }

    private static EncodingTarget ToTarget(RtpEncodingParameters encoding, IReadOnlyList<EncodingBitrate> bitrates)
    {
        var wanted = bitrates.Where(bitrate => bitrate.Rid == encoding.Rid).Select(bitrate => (long?)bitrate.BitrateBps).FirstOrDefault();
        return new EncodingTarget(encoding.Rid)
        {
            IsActive = encoding.Active && wanted != 0,
            BitrateBps = encoding.Active ? wanted : 0,
            ScaleResolutionDownBy = encoding.ScaleResolutionDownBy ?? 1,
            MaxFramerate = encoding.MaxFramerate,
        };
    }
}
