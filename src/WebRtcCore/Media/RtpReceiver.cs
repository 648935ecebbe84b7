using WebRtcCore.Media;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpReceiver</c>: receives one track's media. Safe to use from any thread.</summary>
public sealed class RtpReceiver
{
    private static readonly TimeSpan MaxJitterBufferTarget = TimeSpan.FromSeconds(4);

    private readonly IMediaOperations _connection;
    private readonly FrameReader _frames = new();
    private readonly Dictionary<Ssrc, string> _rids = [];
    private long _jitterBufferTargetTicks = -1;
    private readonly VideoReceiving _video;
    private readonly DtmfReceiver _dtmf;
    private readonly SourceTracker _sources = new();

    internal RtpReceiver(IMediaOperations connection, MediaStreamTrack track)
    {
        _connection = connection;
        Track = track;
        Audio = new AudioReceiving(this, () => connection.Environment);
        _video = new VideoReceiving(this, () => connection.Environment);
        _dtmf = new DtmfReceiver(() => connection.Environment, RaiseToneReceived);
        track.InitializeMuted();
    }

    /// <summary>The track; it exists from the beginning and is muted until media arrives.</summary>
    public MediaStreamTrack Track { get; }

    /// <summary>The DTLS transport that carries it, once negotiated.</summary>
    public DtlsTransport? Transport => Transceiver.Mid is null ? null : _connection.DtlsTransport;

    /// <summary>A packet has arrived; see <see cref="RtpPacketHandler"/> for thread and ownership.</summary>
    public event RtpPacketHandler? PacketReceived;

    /// <summary>
    /// W3C <c>jitterBufferTarget</c>: how long frames are held back at least, 0 to 4 s, so that they leave as evenly as they were captured; longer where the jitter
    /// asks for it. <see langword="null"/>, as it is at first: each frame leaves as soon as it is whole.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or more than 4 s.</exception>
    public TimeSpan? JitterBufferTarget
    {
        get => Interlocked.Read(ref _jitterBufferTargetTicks) is var ticks and >= 0 ? TimeSpan.FromTicks(ticks) : null;
        set
        {
            if (value is { } target && (target < TimeSpan.Zero || target > MaxJitterBufferTarget))
            {
                throw new ArgumentOutOfRangeException(nameof(value), "The target is 0 to 4 s.");
            }

            Interlocked.Exchange(ref _jitterBufferTargetTicks, value?.Ticks ?? -1);
        }
    }

    /// <summary>
    /// What is done to each encoded frame between packets and codec, as W3C's encoded transforms: decrypted, measured, left out (<see langword="null"/>). For the
    /// frames of <see cref="ReadFramesAsync"/>, on the connection's loop, and for those that are decoded here, on the reader's thread. It must not change the data of
    /// its argument in place.
    /// </summary>
    public Func<EncodedFrame, EncodedFrame?>? Transform { get; set; }

    /// <summary>The peer has pressed a key of a telephone (RFC 4733), and let it go; raised like the events of the connection, once for each key.</summary>
    public event EventHandler<DtmfToneEventArgs>? ToneReceived;

    internal AudioReceiving Audio { get; }

    internal RtpTransceiver Transceiver { get; set; } = null!;

    /// <summary>The remote streams that the track belongs to (W3C [[AssociatedRemoteMediaStreams]]).</summary>
    internal List<MediaStream> Streams { get; } = [];

    /// <summary>Negotiated receive codecs: W3C [[ReceiveCodecs]].</summary>
    internal IReadOnlyList<RtpCodecParameters> Codecs { get; set; } = [];

    internal IReadOnlyList<RtpHeaderExtensionParameters> HeaderExtensions { get; set; } = [];

    internal RtcpParameters Rtcp { get; set; } = new("", false);

    /// <summary>What the identifiers in received packets mean; belongs to the loop.</summary>
    internal RtpHeaderExtensionMap ExtensionMap { get; set; } = RtpHeaderExtensionMap.Empty;

    /// <summary>The codecs and header extensions that this library can receive for a kind of media.</summary>
    public static RtpCapabilities GetCapabilities(MediaKind kind) => RtpSender.GetCapabilities(kind);

    /// <summary>Negotiated codecs and header extensions.</summary>
    public RtpReceiveParameters GetParameters() => _connection.GetParameters(this);

    /// <summary>Statistics of this receiver's stream and all that it refers to.</summary>
    public Task<StatsReport> GetStatsAsync(CancellationToken cancellationToken = default) => _connection.GetStatsAsync(null, this, cancellationToken);

    /// <summary>
    /// W3C <c>getSynchronizationSources</c>: the streams that came in during the last 10 s, the latest first, and how loud they are as their sender says (RFC 6464).
    /// Nothing is decoded for it.
    /// </summary>
    public IReadOnlyList<RtpSynchronizationSource> GetSynchronizationSources() => _sources.GetSynchronizationSources(_connection.Environment.Clock);

    /// <summary>
    /// W3C <c>getContributingSources</c>: those whom a mixer has mixed into what came in during the last 10 s, the latest first, and how loud they are as it says
    /// (RFC 6465).
    /// </summary>
    public IReadOnlyList<RtpContributingSource> GetContributingSources() => _sources.GetContributingSources(_connection.Environment.Clock);

    /// <summary>Asks the sender for a key frame (PLI, or FIR where only that is negotiated). Rate-limited.</summary>
    public void RequestKeyFrame() => _connection.RequestKeyFrame(this, null);

    /// <summary>Asks the sender for a key frame of one simulcast layer. Rate-limited.</summary>
    /// <param name="rid">The layer; nothing happens while none of this name has arrived.</param>
    public void RequestKeyFrame(string rid)
    {
        ArgumentNullException.ThrowIfNull(rid);
        _connection.RequestKeyFrame(this, rid);
    }

    /// <summary>
    /// The encoded frames from now on, whole and in order, beginning with a key frame; those that are damaged, or cannot be decoded without one that is missing,
    /// are left out, and a key frame is asked for where nothing else helps. How long missing packets are waited for follows round-trip time and jitter. One reader at a time. A reader that falls more than 128 frames or 16 MiB behind loses the oldest. The enumeration ends when
    /// the transceiver is stopped or the connection closed.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>Frames are put together only while someone reads: from the first step of the enumeration on. VP8, VP9, H.264, AV1, Opus, G.711 and G.722.</remarks>
    /// <exception cref="InvalidOperationException">Someone else is reading; thrown by the first step.</exception>
    public IAsyncEnumerable<EncodedFrame> ReadFramesAsync(CancellationToken cancellationToken = default) => _frames.ReadAllAsync(cancellationToken);

    /// <summary>
    /// The decoded sound from now on, 10 ms at a time and as evenly as the clock: an adaptive buffer (<see cref="Media.Playout.PlayoutBuffer"/>) takes care of jitter,
    /// losses and drifting clocks. Silence before the peer has begun. One reader at a time; one that is more than 200 ms behind loses what it has missed. The
    /// enumeration ends when the transceiver is stopped or the connection closed.
    /// </summary>
    /// <param name="format">The rate and channels wanted, whatever is received.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>Decoded with the codecs of <see cref="PeerConnectionOptions.AudioCodecs"/>, on the reader's thread, and only while someone reads.</remarks>
    /// <exception cref="InvalidOperationException">Someone else is reading, or this is a video receiver; thrown by the first step.</exception>
    public IAsyncEnumerable<AudioFrame> ReadAudioAsync(AudioFormat format, CancellationToken cancellationToken = default)
    {
        ThrowIfNot(MediaKind.Audio);
        return Audio.ReadAllAsync(format, cancellationToken);
    }

    /// <summary>As <see cref="ReadAudioAsync"/>, but <paramref name="handler"/> is called with each 10 ms, without a copy; see it for thread and ownership.</summary>
    /// <param name="format">The rate and channels wanted, whatever is received.</param>
    /// <param name="handler">The handler; <see langword="null"/> ends it.</param>
    /// <exception cref="InvalidOperationException">Someone else is reading, or this is a video receiver.</exception>
    public void SetAudioHandler(AudioFormat format, AudioFrameHandler? handler)
    {
        ThrowIfNot(MediaKind.Audio);
        Audio.SetHandler(format, handler);
    }

    /// <summary>As <see cref="ReadAudioAsync"/>, but the reader has a clock of its own and pulls: a sound card, a mixer.</summary>
    /// <param name="format">The rate and channels wanted, whatever is received.</param>
    /// <returns>What gives the sound; <em>given</em>.</returns>
    /// <exception cref="InvalidOperationException">Someone else is reading, or this is a video receiver.</exception>
    public AudioPlayout OpenAudio(AudioFormat format)
    {
        ThrowIfNot(MediaKind.Audio);
        return Audio.Open(format);
    }

    /// <summary>
    /// The decoded pictures from now on, with the codecs of <see cref="PeerConnectionOptions.VideoCodecs"/>, decoded on the reader's thread. Key frames are asked for as
    /// the decoder needs them. As with <see cref="ReadFramesAsync"/>, from which they come, there is one reader at a time, and a slow one loses the oldest.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">Someone else is reading, or this is an audio receiver; thrown by the first step.</exception>
    public IAsyncEnumerable<VideoPicture> ReadPicturesAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfNot(MediaKind.Video);
        return _video.ReadAllAsync(cancellationToken);
    }

    /// <summary>
    /// The simulcast layer that packets with an SSRC belong to, or <see langword="null"/> where there is one encoding. For <see cref="PacketReceived"/>, and on its thread.
    /// </summary>
    /// <param name="ssrc">The SSRC of a packet that has been received.</param>
    public string? FindRid(Ssrc ssrc) => _rids.GetValueOrDefault(ssrc);

    /// <summary>The present of the connection's clock.</summary>
    internal Primitives.Instant Now => _connection.Environment.Clock.Now;

    /// <summary>The media type of a payload type.</summary>
    internal string? FindMimeType(PayloadType payloadType)
    {
        // By index: a packet must not cost an enumerator.
        for (var i = 0; i < Codecs.Count; i++)
        {
            if (Codecs[i].PayloadType == payloadType.Value)
            {
                return Codecs[i].MimeType;
            }
        }

        return null;
    }

    /// <summary>Whether someone reads frames, so that they are worth putting together.</summary>
    internal bool HasFrameReader => _frames.HasReader;

    /// <summary>Frames lost because whoever reads them was slow.</summary>
    internal long FramesNotRead => _frames.Dropped;

    /// <summary>Hands a frame to whoever reads; on the loop.</summary>
    internal void Deliver(RtpAssembledFrame frame, string? rid)
    {
        var codec = Codecs.FirstOrDefault(known => known.PayloadType == frame.PayloadType.Value);
        if (codec?.IsResiliencyMechanism == true)
        {
            // Telephone events are no frames of the track.
            return;
        }

        var encoded = new EncodedFrame(frame.Data, frame.TimestampTicks)
        {
            IsKeyFrame = frame.IsKeyFrame,
            PayloadType = frame.PayloadType.Value,
            Codec = codec,
            CaptureTime = frame.CaptureTime?.ToDateTimeOffset(),
            TemporalId = frame.TemporalId,
            Rid = rid,
        };
        if ((Transform is { } transform ? transform(encoded) : encoded) is { } transformed)
        {
            _frames.Add(transformed);
        }
    }

    /// <summary>Hands a packet to the handlers and to whoever decodes; on the loop.</summary>
    internal void Deliver(in RtpReceived received)
    {
        if (!received.IsRecovered)
        {
            // What has come back from redundancy is older, and has no header extensions.
            _sources.OnPacket(received.Packet, ExtensionMap, _connection.Environment.Clock.Now);
        }

        if (received.Stream.Rid is { } rid && _rids.GetValueOrDefault(received.Stream.Ssrc) != rid)
        {
            RememberRid(received.Stream.Ssrc, rid);
        }

        try
        {
            PacketReceived?.Invoke(this, received.Packet);
        }
        finally
        {
            // A handler that fails does no harm to the readers.
            Audio.OnPacket(received);
            OnTelephoneEvent(received.Packet);
        }
    }

    /// <summary>No more media will come: the transceiver is stopped.</summary>
    internal void End()
    {
        CompleteFrames();
        Track.End();
    }

    /// <summary>Ends the enumerations: nothing will come any more.</summary>
    internal void CompleteFrames()
    {
        _frames.Complete();
        Audio.End();
        _dtmf.Close();
    }

    // A peer that changes SSRCs without end does not fill the memory: those that still come are found again with their next packet.
    private void RememberRid(Ssrc ssrc, string rid)
    {
        const int MaxRids = 64;
        if (_rids.Count >= MaxRids)
        {
            _rids.Clear();
        }

        _rids[ssrc] = rid;
    }

    private void OnTelephoneEvent(in RtpPacketView packet)
    {
        // By index: a packet must not cost an enumerator.
        for (var i = 0; ToneReceived is not null && i < Codecs.Count; i++)
        {
            if (Codecs[i].PayloadType == packet.PayloadType.Value && DtmfSender.IsTelephoneEvent(Codecs[i]))
            {
                _dtmf.OnPacket(packet, Codecs[i].ClockRate);
            }
        }
    }

    private void RaiseToneReceived(DtmfToneEventArgs tone) => _connection.Environment.Dispatch(() => ToneReceived?.Invoke(this, tone));

    private void ThrowIfNot(MediaKind kind)
    {
        if (Track.Kind != kind)
        {
            throw new InvalidOperationException($"This is no {kind.ToW3CString()} receiver.");
        }
    }
}
