namespace WebRtcCore;

/// <summary>W3C <c>RTCAudioPlayoutStats</c> (<c>media-playout</c>): the sound of a receiver on its way to whoever reads it, the place of a browser's sound card.</summary>
public sealed record AudioPlayoutStats() : RtcStats(StatsType.MediaPlayout)
{
    /// <summary>Always audio.</summary>
    public MediaKind Kind { get; init; } = MediaKind.Audio;

    /// <summary>How much sound the reader has missed because it came too late for it; concealed losses of the network do not count. In JSON seconds.</summary>
    public TimeSpan? SynthesizedSamplesDuration { get; init; }

    /// <summary>How often that happened.</summary>
    public long? SynthesizedSamplesEvents { get; init; }

    /// <summary>How much sound was due to the reader, what it has missed included. In JSON seconds.</summary>
    public TimeSpan? TotalSamplesDuration { get; init; }

    /// <summary>The sum, over all samples, of the delay from here to the ear; not known here, as the application plays. In JSON seconds.</summary>
    public TimeSpan? TotalPlayoutDelay { get; init; }

    /// <summary>Samples given to the reader.</summary>
    public long? TotalSamplesCount { get; init; }
}
