using WebRtcCore.Rtp;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpReceiver</c>: receives one track's media. Safe to use from any thread.</summary>
public sealed class RtpReceiver
{
    private readonly IMediaOperations _connection;

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

    /// <summary>Hands a packet to the handlers; on the loop.</summary>
    internal void Deliver(in RtpPacketView packet, long extendedSequenceNumber) => PacketReceived?.Invoke(this, packet);
}
