namespace VoiceAgent;

/// <summary>Settings of a <see cref="TurnDetector"/>.</summary>
internal sealed record TurnDetectorOptions
{
    /// <summary>The silence that ends a turn.</summary>
    public TimeSpan HangOver { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>How far above the background speech must be.</summary>
    public double ThresholdDecibels { get; init; } = 10;

    /// <summary>A turn is ended after this time, whatever is heard: its PCM is kept in memory.</summary>
    public TimeSpan MaxTurn { get; init; } = TimeSpan.FromSeconds(30);
}
