namespace WebRtcCore.Tests.Negotiation;

/// <summary>A connection without loop and events: what transceivers ask is written straight into them.</summary>
internal sealed class DirectMediaOperations : IMediaOperations
{
    public DtlsTransport? DtlsTransport => null;

    public MediaEnvironment Environment => throw new NotSupportedException();

    public void SetDirection(RtpTransceiver transceiver, RtpTransceiverDirection direction) => transceiver.PreferredDirection = direction;

    public void StopTransceiver(RtpTransceiver transceiver) => transceiver.IsStopping = true;

    public void SetCodecPreferences(RtpTransceiver transceiver, IReadOnlyList<RtpCodec> codecs) =>
        transceiver.CodecPreferences = [.. codecs.Cast<RtpCodecCapability>()];

    public void SetStreams(RtpSender sender, IReadOnlyList<MediaStream> streams) => sender.StreamIds = [.. streams.Select(s => s.Id)];

    public Task ReplaceTrackAsync(RtpSender sender, MediaStreamTrack? track) => throw new NotSupportedException();

    public RtpSendParameters GetParameters(RtpSender sender) => throw new NotSupportedException();

    public Task SetParametersAsync(RtpSender sender, RtpSendParameters parameters) => throw new NotSupportedException();

    public RtpReceiveParameters GetParameters(RtpReceiver receiver) => throw new NotSupportedException();

    public Task<StatsReport> GetStatsAsync(RtpSender? sender, RtpReceiver? receiver, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void SendRtp(RtpSender sender, ReadOnlySpan<byte> packet, RtpReceiver? source, string? rid) => throw new NotSupportedException();

    public void SendFrame(RtpSender sender, EncodedFrame frame) => throw new NotSupportedException();

    public void RequestKeyFrame(RtpReceiver receiver, string? rid) => throw new NotSupportedException();
}
