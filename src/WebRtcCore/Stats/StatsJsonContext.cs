using System.Text.Json.Serialization;

namespace WebRtcCore;

/// <summary>Source-generated JSON of the entries of a report: W3C member names, seconds and milliseconds, members that are not known left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(SecondsConverter),
        typeof(MillisecondsConverter),
        typeof(W3CEnumConverter<StatsType>),
        typeof(W3CEnumConverter<MediaKind>),
        typeof(LenientEnumConverter<IceRole>),
        typeof(LenientEnumConverter<IceTransportState>),
        typeof(LenientEnumConverter<DtlsTransportState>),
        typeof(LenientEnumConverter<DtlsRole>),
        typeof(LenientEnumConverter<StatsIceCandidatePairState>),
        typeof(LenientEnumConverter<IceProtocol>),
        typeof(LenientEnumConverter<IceCandidateType>),
        typeof(LenientEnumConverter<IceTcpCandidateType>),
        typeof(LenientEnumConverter<DataChannelState>),
        typeof(LenientEnumConverter<QualityLimitationReason>),
    ])]
[JsonSerializable(typeof(AudioPlayoutStats))]
[JsonSerializable(typeof(AudioSourceStats))]
[JsonSerializable(typeof(CertificateStats))]
[JsonSerializable(typeof(CodecStats))]
[JsonSerializable(typeof(DataChannelStats))]
[JsonSerializable(typeof(IceCandidatePairStats))]
[JsonSerializable(typeof(InboundRtpStreamStats))]
[JsonSerializable(typeof(LocalCandidateStats))]
[JsonSerializable(typeof(OutboundRtpStreamStats))]
[JsonSerializable(typeof(PeerConnectionStats))]
[JsonSerializable(typeof(RemoteCandidateStats))]
[JsonSerializable(typeof(RemoteInboundRtpStreamStats))]
[JsonSerializable(typeof(RemoteOutboundRtpStreamStats))]
[JsonSerializable(typeof(TransportStats))]
[JsonSerializable(typeof(VideoSourceStats))]
internal sealed partial class StatsJsonContext : JsonSerializerContext;
