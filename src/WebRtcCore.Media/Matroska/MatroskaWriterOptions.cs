namespace WebRtcCore.Media.Matroska;

/// <summary>Settings of a <see cref="MatroskaWriter"/>.</summary>
public sealed record MatroskaWriterOptions
{
    /// <summary>
    /// How long a cluster may be: what is lost if the process ends at once, and how far a live viewer is behind. A key frame begins a new one in any case.
    /// From 100 ms to 30 s.
    /// </summary>
    public TimeSpan MaxClusterDuration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the header waits for the first key frame of every video track. A track that brings none in this time is left out of the file.
    /// </summary>
    public TimeSpan MaxHeaderDelay { get; init; } = TimeSpan.FromSeconds(10);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxClusterDuration, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxClusterDuration, TimeSpan.FromSeconds(30));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxHeaderDelay, TimeSpan.Zero);
    }
}
