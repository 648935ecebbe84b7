namespace WebRtcCore.Media.Playout;

/// <summary>What a <see cref="PlayoutBuffer"/> has done: the audio fields of webrtc-stats' <c>inbound-rtp</c>, and some more. Samples are per channel, at the rate played.</summary>
public readonly record struct PlayoutStats
{
    /// <summary>Samples played, those made up included.</summary>
    public long TotalSamplesReceived { get; init; }

    /// <summary>Samples made up because packets were missing or late.</summary>
    public long ConcealedSamples { get; init; }

    /// <summary>Those of them that were silence.</summary>
    public long SilentConcealedSamples { get; init; }

    /// <summary>How often samples had to be made up: each run counts once.</summary>
    public long ConcealmentEvents { get; init; }

    /// <summary>Samples added to play more slowly.</summary>
    public long InsertedSamplesForDeceleration { get; init; }

    /// <summary>Samples taken out to play faster.</summary>
    public long RemovedSamplesForAcceleration { get; init; }

    /// <summary>The sum, over all samples decoded, of the time from their packet's arrival to their being played.</summary>
    public TimeSpan JitterBufferDelay { get; init; }

    /// <summary>The sum, over all samples decoded, of the delay aimed at.</summary>
    public TimeSpan JitterBufferTargetDelay { get; init; }

    /// <summary>The sum, over all samples decoded, of the delay that the network alone asks for.</summary>
    public TimeSpan JitterBufferMinimumDelay { get; init; }

    /// <summary>Samples decoded.</summary>
    public long JitterBufferEmittedCount { get; init; }

    /// <summary>The level of the latest sound, 0 to 1 (0 dBov).</summary>
    public double AudioLevel { get; init; }

    /// <summary>Energy summed over time.</summary>
    public double TotalAudioEnergy { get; init; }

    /// <summary>How much sound was played.</summary>
    public TimeSpan TotalSamplesDuration { get; init; }

    /// <summary>Packets that came when their time had passed.</summary>
    public long PacketsLate { get; init; }

    /// <summary>Packets that came twice, could not be decoded, or were too many.</summary>
    public long PacketsDiscarded { get; init; }

    /// <summary>Lost packets decoded from the redundancy of the next one.</summary>
    public long PacketsRecovered { get; init; }

    /// <summary>The delay aimed at now.</summary>
    public TimeSpan TargetDelay { get; init; }

    /// <summary>How much sound waits now, decoded and not.</summary>
    public TimeSpan CurrentDelay { get; init; }
}
