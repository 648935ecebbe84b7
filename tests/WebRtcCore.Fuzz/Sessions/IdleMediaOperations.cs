namespace WebRtcCore.Fuzz.Sessions;

/// <summary>The connection behind a negotiator whose application does nothing.</summary>
internal sealed class IdleMediaOperations : IMediaOperations
{
    public DtlsTransport? DtlsTransport => null;

    public void SetDirection(RtpTransceiver transceiver, RtpTransceiverDirection direction) => throw new NotSupportedException();

    public void StopTransceiver(RtpTransceiver transceiver) => throw new NotSupportedException();

    public void SetCodecPreferences(RtpTransceiver transceiver, IReadOnlyList<RtpCodec> codecs) => throw new NotSupportedException();

    public void SetStreams(RtpSender sender, IReadOnlyList<MediaStream> streams) => throw new NotSupportedException();

    public Task ReplaceTrackAsync(RtpSender sender, MediaStreamTrack? track) => throw new NotSupportedException();

    public RtpSendParameters GetParameters(RtpSender sender) => throw new NotSupportedException();

    public Task SetParametersAsync(RtpSender sender, RtpSendParameters parameters) => throw new NotSupportedException();

    public RtpReceiveParameters GetParameters(RtpReceiver receiver) => throw new NotSupportedException();

    public Task<StatsReport> GetStatsAsync(RtpSender? sender, RtpReceiver? receiver, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void SendRtp(RtpSender sender, ReadOnlySpan<byte> packet, RtpReceiver? source) => throw new NotSupportedException();

    public void SendFrame(RtpSender sender, EncodedFrame frame) => throw new NotSupportedException();

    public void RequestKeyFrame(RtpReceiver receiver) => throw new NotSupportedException();
}
