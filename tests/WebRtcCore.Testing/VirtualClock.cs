using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>A clock that moves only when told. It starts at one hour, so that code that confuses an instant with zero is caught.</summary>
public sealed class VirtualClock
{
    /// <summary>Where every virtual clock starts.</summary>
    public static readonly Instant Start = Instant.Zero + TimeSpan.FromHours(1);

    /// <summary>The present.</summary>
    public Instant Now { get; private set; } = Start;

    /// <summary>The time since <see cref="Start"/>.</summary>
    public TimeSpan Elapsed => Now - Start;

    /// <summary>Moves forward.</summary>
    public Instant Advance(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        return Now += duration;
    }

    /// <summary>Moves forward to <paramref name="instant"/>; never back.</summary>
    public Instant AdvanceTo(Instant instant) => Now = Instant.Max(Now, instant);
}
