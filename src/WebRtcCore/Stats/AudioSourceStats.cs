namespace WebRtcCore;

/// <summary>W3C <c>RTCAudioSourceStats</c>: an audio track that feeds a sender.</summary>
public sealed record AudioSourceStats() : MediaSourceStats(MediaKind.Audio)
{
    /// <summary>The level of the latest sound, 0 (silence) to 1 (0 dBov); known where the application feeds PCM.</summary>
    public double? AudioLevel { get; init; }

    /// <summary>Energy summed over time, as webrtc-stats defines it.</summary>
    public double? TotalAudioEnergy { get; init; }

    /// <summary>How much sound the track has given. In JSON seconds.</summary>
    public TimeSpan? TotalSamplesDuration { get; init; }

    /// <summary>Echo return loss in decibels, where an echo canceller feeds the track.</summary>
    public double? EchoReturnLoss { get; init; }

    /// <summary>Echo return loss enhancement in decibels, where an echo canceller feeds the track.</summary>
    public double? EchoReturnLossEnhancement { get; init; }
}
