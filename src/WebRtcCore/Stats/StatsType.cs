namespace WebRtcCore;

/// <summary>W3C <c>RTCStatsType</c>: what one entry of a <see cref="StatsReport"/> describes.</summary>
public enum StatsType
{
    /// <summary>A codec in use: <see cref="CodecStats"/>.</summary>
    Codec,

    /// <summary>A stream received: <see cref="InboundRtpStreamStats"/>.</summary>
    InboundRtp,

    /// <summary>A stream sent: <see cref="OutboundRtpStreamStats"/>.</summary>
    OutboundRtp,

    /// <summary>What the peer reports of a stream sent here: <see cref="RemoteInboundRtpStreamStats"/>.</summary>
    RemoteInboundRtp,

    /// <summary>What the peer reports of a stream received here: <see cref="RemoteOutboundRtpStreamStats"/>.</summary>
    RemoteOutboundRtp,

    /// <summary>The source of a track that is sent: <see cref="AudioSourceStats"/> or <see cref="VideoSourceStats"/>.</summary>
    MediaSource,

    /// <summary>The sound of a receiver on its way to whoever reads it: <see cref="AudioPlayoutStats"/>.</summary>
    MediaPlayout,

    /// <summary>The connection as a whole: <see cref="PeerConnectionStats"/>.</summary>
    PeerConnection,

    /// <summary>A data channel: <see cref="DataChannelStats"/>.</summary>
    DataChannel,

    /// <summary>A transport: <see cref="TransportStats"/>.</summary>
    Transport,

    /// <summary>A candidate pair: <see cref="IceCandidatePairStats"/>.</summary>
    CandidatePair,

    /// <summary>A candidate of this side: <see cref="LocalCandidateStats"/>.</summary>
    LocalCandidate,

    /// <summary>A candidate of the peer: <see cref="RemoteCandidateStats"/>.</summary>
    RemoteCandidate,

    /// <summary>A certificate: <see cref="CertificateStats"/>.</summary>
    Certificate,
}
