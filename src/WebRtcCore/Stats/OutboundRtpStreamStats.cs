using System.Text.Json.Serialization;

namespace WebRtcCore;

/// <summary>W3C <c>RTCOutboundRtpStreamStats</c> (<c>outbound-rtp</c>): a stream sent here.</summary>
/// <remarks>What only an encoder knows is <see langword="null"/> where the application brings encoded media.</remarks>
public sealed record OutboundRtpStreamStats() : SentRtpStreamStats(StatsType.OutboundRtp)
{
    /// <summary>The transceiver's <c>a=mid</c>.</summary>
    public string? Mid { get; init; }

    /// <summary>The id of the <see cref="MediaSourceStats"/> that feeds it.</summary>
    public string? MediaSourceId { get; init; }

    /// <summary>The id of the <see cref="RemoteInboundRtpStreamStats"/> of the same stream.</summary>
    public string? RemoteId { get; init; }

    /// <summary>The encoding's RID, for simulcast.</summary>
    public string? Rid { get; init; }

    /// <summary>The encoding's place among the sender's encodings.</summary>
    public int? EncodingIndex { get; init; }

    /// <summary>Whether the encoding is active.</summary>
    public bool? Active { get; init; }

    /// <summary>RTP header and padding bytes sent, without IP and UDP headers.</summary>
    public long? HeaderBytesSent { get; init; }

    /// <summary>Packets sent with the ECN mark ECT(1).</summary>
    public long? PacketsSentWithEct1 { get; init; }

    /// <summary>Packets retransmitted.</summary>
    public long? RetransmittedPacketsSent { get; init; }

    /// <summary>Payload bytes of packets retransmitted.</summary>
    public long? RetransmittedBytesSent { get; init; }

    /// <summary>The SSRC of retransmissions, where they have their own (RFC 4588).</summary>
    public uint? RtxSsrc { get; init; }

    /// <summary>The sum of the times that packets waited between being made and being sent. In JSON seconds.</summary>
    public TimeSpan? TotalPacketSendDelay { get; init; }

    /// <summary>NACK messages received.</summary>
    public long? NackCount { get; init; }

    /// <summary>Full intra requests received; video.</summary>
    public long? FirCount { get; init; }

    /// <summary>Picture loss indications received; video.</summary>
    public long? PliCount { get; init; }

    /// <summary>What the encoder is asked for, in bits per second.</summary>
    [JsonPropertyName("targetBitrate")]
    public double? TargetBitrateBps { get; init; }

    /// <summary>Frames sent.</summary>
    public long? FramesSent { get; init; }

    /// <summary>Frames more than 2.5 times the mean size.</summary>
    public long? HugeFramesSent { get; init; }

    /// <summary>Frames during the last second.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>Width of the latest frame in pixels.</summary>
    public int? FrameWidth { get; init; }

    /// <summary>Height of the latest frame in pixels.</summary>
    public int? FrameHeight { get; init; }

    /// <summary>Frames encoded.</summary>
    public long? FramesEncoded { get; init; }

    /// <summary>Key frames encoded.</summary>
    public long? KeyFramesEncoded { get; init; }

    /// <summary>The sum of the quantiser values of the frames encoded.</summary>
    public long? QpSum { get; init; }

    /// <summary>The time that encoding took. In JSON seconds.</summary>
    public TimeSpan? TotalEncodeTime { get; init; }

    /// <summary>The sum of the sizes that the encoder aimed at, in bytes.</summary>
    public long? TotalEncodedBytesTarget { get; init; }

    /// <summary>What holds the encoder back at present.</summary>
    public QualityLimitationReason? QualityLimitationReason { get; init; }

    /// <summary>How long each reason held it back, by the reason's W3C string. In JSON seconds.</summary>
    public IReadOnlyDictionary<string, TimeSpan>? QualityLimitationDurations { get; init; }

    /// <summary>How often the resolution changed for such a reason.</summary>
    public long? QualityLimitationResolutionChanges { get; init; }

    /// <summary>The encoder's name.</summary>
    public string? EncoderImplementation { get; init; }

    /// <summary>Whether the encoder is held for power-efficient.</summary>
    public bool? PowerEfficientEncoder { get; init; }

    /// <summary>The scalability mode, for example <c>L1T1</c>.</summary>
    public string? ScalabilityMode { get; init; }
}
