namespace WebRtcCore;

/// <summary>
/// What transceivers, senders and receivers ask of the connection that they belong to. It keeps them, and the negotiation that
/// changes them, free of sockets and loops.
/// </summary>
internal interface IMediaOperations
{
    void SetDirection(RtpTransceiver transceiver, RtpTransceiverDirection direction);

    void StopTransceiver(RtpTransceiver transceiver);

    void SetCodecPreferences(RtpTransceiver transceiver, IReadOnlyList<RtpCodec> codecs);

    Task ReplaceTrackAsync(RtpSender sender, MediaStreamTrack? track);

    void SetStreams(RtpSender sender, IReadOnlyList<MediaStream> streams);

    RtpSendParameters GetParameters(RtpSender sender);

    Task SetParametersAsync(RtpSender sender, RtpSendParameters parameters);

    RtpReceiveParameters GetParameters(RtpReceiver receiver);

    Task<StatsReport> GetStatsAsync(RtpSender? sender, RtpReceiver? receiver, CancellationToken cancellationToken);

    /// <summary>Sends a whole RTP packet, borrowed; as a simulcast layer if there is a rid.</summary>
    void SendRtp(RtpSender sender, ReadOnlySpan<byte> packet, RtpReceiver? source, string? rid);

    /// <summary>Sends an encoded frame; see <see cref="RtpSender.SendFrame"/>.</summary>
    void SendFrame(RtpSender sender, EncodedFrame frame);

    void RequestKeyFrame(RtpReceiver receiver, string? rid);

    DtlsTransport? DtlsTransport { get; }

    /// <summary>What encoding and decoding need.</summary>
    MediaEnvironment Environment { get; }
}
