namespace WebRtcCore;

/// <summary>W3C <c>RTCInboundRtpStreamStats</c> (<c>inbound-rtp</c>): a stream received here.</summary>
/// <remarks>What only a jitter buffer or a decoder knows is <see langword="null"/> where the application takes packets or encoded frames.</remarks>
public sealed record InboundRtpStreamStats() : ReceivedRtpStreamStats(StatsType.InboundRtp)
{
    /// <summary>The id of the receiver's track.</summary>
    public string? TrackIdentifier { get; init; }

    /// <summary>The transceiver's <c>a=mid</c>.</summary>
    public string? Mid { get; init; }

    /// <summary>The id of the <see cref="RemoteOutboundRtpStreamStats"/> of the same stream.</summary>
    public string? RemoteId { get; init; }

    /// <summary>The id of what plays the sound.</summary>
    public string? PlayoutId { get; init; }

    /// <summary>Payload bytes received, retransmissions included, headers and padding not.</summary>
    public long BytesReceived { get; init; }

    /// <summary>RTP header and padding bytes received, without IP and UDP headers.</summary>
    public long? HeaderBytesReceived { get; init; }

    /// <summary>When the last packet arrived.</summary>
    public DateTimeOffset? LastPacketReceivedTimestamp { get; init; }

    /// <summary>Packets that came too late or too early to be played.</summary>
    public long? PacketsDiscarded { get; init; }

    /// <summary>Packets received again after a NACK.</summary>
    public long? RetransmittedPacketsReceived { get; init; }

    /// <summary>Payload bytes received again after a NACK.</summary>
    public long? RetransmittedBytesReceived { get; init; }

    /// <summary>The SSRC of retransmissions, where they have their own (RFC 4588).</summary>
    public uint? RtxSsrc { get; init; }

    /// <summary>The SSRC of forward error correction, where it has its own.</summary>
    public uint? FecSsrc { get; init; }

    /// <summary>Packets of forward error correction received.</summary>
    public long? FecPacketsReceived { get; init; }

    /// <summary>Bytes of forward error correction received.</summary>
    public long? FecBytesReceived { get; init; }

    /// <summary>Packets of forward error correction that were of no use.</summary>
    public long? FecPacketsDiscarded { get; init; }

    /// <summary>NACK messages sent.</summary>
    public long? NackCount { get; init; }

    /// <summary>Full intra requests sent; video.</summary>
    public long? FirCount { get; init; }

    /// <summary>Picture loss indications sent; video.</summary>
    public long? PliCount { get; init; }

    /// <summary>When the sample now being played was made, by the sender's clock.</summary>
    public DateTimeOffset? EstimatedPlayoutTimestamp { get; init; }

    /// <summary>The sum of the times that frames or samples spent in the jitter buffer. In JSON seconds.</summary>
    public TimeSpan? JitterBufferDelay { get; init; }

    /// <summary>The sum of the delays aimed at. In JSON seconds.</summary>
    public TimeSpan? JitterBufferTargetDelay { get; init; }

    /// <summary>The sum of the delays that the network alone would ask for. In JSON seconds.</summary>
    public TimeSpan? JitterBufferMinimumDelay { get; init; }

    /// <summary>Frames or samples that left the jitter buffer.</summary>
    public long? JitterBufferEmittedCount { get; init; }

    /// <summary>The sum of the times from a frame's first packet to its being decoded. In JSON seconds.</summary>
    public TimeSpan? TotalProcessingDelay { get; init; }

    /// <summary>Complete frames received.</summary>
    public long? FramesReceived { get; init; }

    /// <summary>Frames decoded.</summary>
    public long? FramesDecoded { get; init; }

    /// <summary>Key frames decoded.</summary>
    public long? KeyFramesDecoded { get; init; }

    /// <summary>Frames shown.</summary>
    public long? FramesRendered { get; init; }

    /// <summary>Frames dropped before or after decoding.</summary>
    public long? FramesDropped { get; init; }

    /// <summary>Frames decoded during the last second.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>Width of the latest frame in pixels.</summary>
    public int? FrameWidth { get; init; }

    /// <summary>Height of the latest frame in pixels.</summary>
    public int? FrameHeight { get; init; }

    /// <summary>Frames that took more than one packet.</summary>
    public long? FramesAssembledFromMultiplePackets { get; init; }

    /// <summary>The sum of the times from first to last packet of such frames. In JSON seconds.</summary>
    public TimeSpan? TotalAssemblyTime { get; init; }

    /// <summary>The sum of the quantiser values of the frames decoded.</summary>
    public long? QpSum { get; init; }

    /// <summary>The time that decoding took. In JSON seconds.</summary>
    public TimeSpan? TotalDecodeTime { get; init; }

    /// <summary>The sum of the times between frames. In JSON seconds.</summary>
    public TimeSpan? TotalInterFrameDelay { get; init; }

    /// <summary>The sum of the squares of the times between frames, in seconds squared.</summary>
    public double? TotalSquaredInterFrameDelay { get; init; }

    /// <summary>Pauses: more than 5 s between frames.</summary>
    public long? PauseCount { get; init; }

    /// <summary>The length of all pauses. In JSON seconds.</summary>
    public TimeSpan? TotalPausesDuration { get; init; }

    /// <summary>Freezes: a frame that came much later than its neighbours.</summary>
    public long? FreezeCount { get; init; }

    /// <summary>The length of all freezes. In JSON seconds.</summary>
    public TimeSpan? TotalFreezesDuration { get; init; }

    /// <summary>The level of the latest sound, 0 (silence) to 1 (0 dBov).</summary>
    public double? AudioLevel { get; init; }

    /// <summary>Energy summed over time, as webrtc-stats defines it.</summary>
    public double? TotalAudioEnergy { get; init; }

    /// <summary>Samples received, concealed ones included.</summary>
    public long? TotalSamplesReceived { get; init; }

    /// <summary>How much sound was played. In JSON seconds.</summary>
    public TimeSpan? TotalSamplesDuration { get; init; }

    /// <summary>Samples made up because packets were missing.</summary>
    public long? ConcealedSamples { get; init; }

    /// <summary>Those of them that were silence or comfort noise.</summary>
    public long? SilentConcealedSamples { get; init; }

    /// <summary>How often samples had to be made up.</summary>
    public long? ConcealmentEvents { get; init; }

    /// <summary>Samples added to play more slowly.</summary>
    public long? InsertedSamplesForDeceleration { get; init; }

    /// <summary>Samples taken out to play faster.</summary>
    public long? RemovedSamplesForAcceleration { get; init; }

    /// <summary>The decoder's name.</summary>
    public string? DecoderImplementation { get; init; }

    /// <summary>Whether the decoder is held for power-efficient.</summary>
    public bool? PowerEfficientDecoder { get; init; }
}
