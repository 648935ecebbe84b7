using WebRtcCore.Rtp;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpReceiver</c>: receives one track's media. Safe to use from any thread.</summary>
public sealed class RtpReceiver
{
    private readonly IMediaOperations _connection;
    private readonly FrameReader _frames = new();
    private readonly FrameAssembly _assembly;

    internal RtpReceiver(IMediaOperations connection, MediaStreamTrack track)
    {
        _connection = connection;
        Track = track;
        _assembly = new FrameAssembly(_frames);
        track.InitializeMuted();
    }

    /// <summary>The track; it exists from the beginning and is muted until media arrives.</summary>
    public MediaStreamTrack Track { get; }

    /// <summary>The DTLS transport that carries it, once negotiated.</summary>
    public DtlsTransport? Transport => Transceiver.Mid is null ? null : _connection.DtlsTransport;

    /// <summary>A packet has arrived; see <see cref="RtpPacketHandler"/> for thread and ownership.</summary>
    public event RtpPacketHandler? PacketReceived;

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
    /// The encoded frames from now on, whole and in order; damaged ones are left out, and a decoder that needs them asks for a key frame with
    /// <see cref="RequestKeyFrame"/>. One reader at a time. A reader that falls more than 128 frames or 16 MiB behind loses the oldest. The enumeration ends when
    /// the transceiver is stopped or the connection closed.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>Frames are put together only while someone reads: from the first step of the enumeration on. VP8, VP9, H.264, AV1, Opus, G.711 and G.722.</remarks>
    /// <exception cref="InvalidOperationException">Someone else is reading; thrown by the first step.</exception>
    public IAsyncEnumerable<EncodedFrame> ReadFramesAsync(CancellationToken cancellationToken = default) => _frames.ReadAllAsync(cancellationToken);

    /// <summary>Hands a packet to the handlers and to whoever reads frames; on the loop.</summary>
    internal void Deliver(in RtpReceived received)
    {
        try
        {
            PacketReceived?.Invoke(this, received.Packet);
        }
        finally
        {
            // A handler that fails does no harm to the reader.
            _assembly.Add(Codecs, received);
        }
    }

    /// <summary>No more media will come: the transceiver is stopped.</summary>
    internal void End()
    {
        CompleteFrames();
        Track.End();
    }

    /// <summary>Ends the enumeration of frames: nothing will come any more.</summary>
    internal void CompleteFrames() => _frames.Complete();
}
