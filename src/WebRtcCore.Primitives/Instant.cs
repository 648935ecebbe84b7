namespace WebRtcCore.Primitives;

/// <summary>
/// A point on a monotonic clock, in 100 ns ticks since an origin that only its owner knows.
/// Cores are told an <see cref="Instant"/>; they never read a clock. It says nothing about wall-clock time.
/// </summary>
/// <param name="Ticks">100 ns ticks since the clock's origin.</param>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    /// <summary>The clock's origin.</summary>
    public static Instant Zero => default;

    /// <summary>The time since the clock's origin.</summary>
    public TimeSpan SinceOrigin => TimeSpan.FromTicks(Ticks);

    /// <summary>The instant <paramref name="duration"/> later.</summary>
    public static Instant operator +(Instant instant, TimeSpan duration) => new(instant.Ticks + duration.Ticks);

    /// <summary>The instant <paramref name="duration"/> earlier.</summary>
    public static Instant operator -(Instant instant, TimeSpan duration) => new(instant.Ticks - duration.Ticks);

    /// <summary>The time from <paramref name="earlier"/> to <paramref name="later"/>; zero, never negative, if the order is reversed.</summary>
    public static TimeSpan operator -(Instant later, Instant earlier) => TimeSpan.FromTicks(Math.Max(0, later.Ticks - earlier.Ticks));

    /// <summary>Whether <paramref name="left"/> is earlier.</summary>
    public static bool operator <(Instant left, Instant right) => left.Ticks < right.Ticks;

    /// <summary>Whether <paramref name="left"/> is later.</summary>
    public static bool operator >(Instant left, Instant right) => left.Ticks > right.Ticks;

    /// <summary>Whether <paramref name="left"/> is not later.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Ticks <= right.Ticks;

    /// <summary>Whether <paramref name="left"/> is not earlier.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Ticks >= right.Ticks;

    /// <summary>The earlier of two instants.</summary>
    public static Instant Min(Instant left, Instant right) => left <= right ? left : right;

    /// <summary>The later of two instants.</summary>
    public static Instant Max(Instant left, Instant right) => left >= right ? left : right;

    /// <summary>The earlier of two deadlines, where <see langword="null"/> means that nothing is pending.</summary>
    public static Instant? Earliest(Instant? left, Instant? right) =>
        left is { } l ? (right is { } r ? Min(l, r) : l) : right;

    /// <summary>The next instant that is a whole multiple of <paramref name="tick"/> after the origin, or this one if it is.</summary>
    /// <param name="tick">Positive.</param>
    public Instant RoundUp(TimeSpan tick)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(tick, TimeSpan.Zero);
        var beyond = Ticks % tick.Ticks;
        return beyond == 0 ? this : new Instant(Ticks - beyond + tick.Ticks);
    }

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);

    /// <inheritdoc/>
    public override string ToString() => $"{SinceOrigin.TotalMilliseconds:0.###} ms";
}
