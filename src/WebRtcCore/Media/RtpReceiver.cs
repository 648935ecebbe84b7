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
    private long _jitterBufferTargetTicks = -1;

    internal RtpReceiver(IMediaOperations connection, MediaStreamTrack track)
    {
        _connection = connection;
        Track = track;
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

    /// <summary>Asks the sender for a key frame (PLI, or FIR where only that is negotiated). Rate-limited.</summary>
    public void RequestKeyFrame() => _connection.RequestKeyFrame(this);

    /// <summary>
    /// The encoded frames from now on, whole and in order, beginning with a key frame; those that are damaged, or cannot be decoded without one that is missing,
    /// are left out, and a key frame is asked for where nothing else helps. How long missing packets are waited for follows round-trip time and jitter. One reader at a time. A reader that falls more than 128 frames or 16 MiB behind loses the oldest. The enumeration ends when
    /// the transceiver is stopped or the connection closed.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>Frames are put together only while someone reads: from the first step of the enumeration on. VP8, VP9, H.264, AV1, Opus, G.711 and G.722.</remarks>
    /// <exception cref="InvalidOperationException">Someone else is reading; thrown by the first step.</exception>
    public IAsyncEnumerable<EncodedFrame> ReadFramesAsync(CancellationToken cancellationToken = default) => _frames.ReadAllAsync(cancellationToken);

    /// <summary>Whether someone reads frames, so that they are worth putting together.</summary>
    internal bool HasFrameReader => _frames.HasReader;

    /// <summary>Frames lost because whoever reads them was slow.</summary>
    internal long FramesNotRead => _frames.Dropped;

    /// <summary>Hands a packet to the handlers; on the loop.</summary>
    internal void Deliver(in RtpReceived received) => PacketReceived?.Invoke(this, received.Packet);

    /// <summary>Hands a frame to whoever reads; on the loop.</summary>
    internal void Deliver(RtpAssembledFrame frame, string? rid) => _frames.Add(new EncodedFrame(frame.Data, frame.TimestampTicks)
    {
        IsKeyFrame = frame.IsKeyFrame,
        PayloadType = frame.PayloadType.Value,
        Codec = Codecs.FirstOrDefault(codec => codec.PayloadType == frame.PayloadType.Value),
        CaptureTime = frame.CaptureTime?.ToDateTimeOffset(),
        TemporalId = frame.TemporalId,
        Rid = rid,
    });

    /// <summary>No more media will come: the transceiver is stopped.</summary>
    internal void End()
    {
        CompleteFrames();
        Track.End();
    }

    /// <summary>Ends the enumeration of frames: nothing will come any more.</summary>
    internal void CompleteFrames() => _frames.Complete();
}
