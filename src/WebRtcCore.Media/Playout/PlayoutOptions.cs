namespace WebRtcCore.Media.Playout;

/// <summary>Bounds of a <see cref="PlayoutBuffer"/>. Immutable; every default is tested.</summary>
public sealed record PlayoutOptions
{
    /// <summary>The defaults.</summary>
    public static PlayoutOptions Default { get; } = new();

    /// <summary>The least delay aimed at. Default zero: as little as the network allows.</summary>
    public TimeSpan MinDelay { get; init; } = TimeSpan.Zero;

    /// <summary>The greatest delay aimed at; what comes later is lost. Default 1 s; at most 2 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The delay aimed at before the network is known. Default 40 ms.</summary>
    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>The most packets that wait; beyond it the oldest go. Default 200: 4 s of 20 ms.</summary>
    public int MaxPackets { get; init; } = 200;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MinDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDelay, MinDelay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxDelay, TimeSpan.FromSeconds(2));
        ArgumentOutOfRangeException.ThrowIfLessThan(InitialDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(InitialDelay, MaxDelay);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPackets, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPackets, 4096);
    }
}
