using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>
/// The clock of a connection: <see cref="Instant"/>s for the cores from a <see cref="System.TimeProvider"/>, and what wall-clock time they stand for.
/// The wall clock is read once; later steps of it change nothing.
/// <para>Clocks of one provider differ by whole seconds: what a core puts on a round instant comes together with the same of other connections.</para>
/// </summary>
internal sealed class MonotonicClock
{
    // The origin lies before the first instant, so that "now minus a few seconds" stays positive in every core.
    private static readonly TimeSpan Head = TimeSpan.FromHours(1);

    private readonly long _start;
    private readonly DateTimeOffset _wallClockAtStart;

    /// <summary>Starts a clock.</summary>
    public MonotonicClock(TimeProvider timeProvider)
    {
        TimeProvider = timeProvider;
        var now = timeProvider.GetTimestamp();
        _start = now - (now % timeProvider.TimestampFrequency);
        _wallClockAtStart = timeProvider.GetUtcNow() - timeProvider.GetElapsedTime(_start, now);
    }

    /// <summary>Where the time comes from.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>The present.</summary>
    public Instant Now => Instant.Zero + Head + TimeProvider.GetElapsedTime(_start);

    /// <summary>What is to be added to an instant of this clock for another of the same provider: whole seconds, positive or negative.</summary>
    public TimeSpan OffsetTo(MonotonicClock other) => TimeSpan.FromSeconds((_start - other._start) / TimeProvider.TimestampFrequency);

    /// <summary>The wall-clock time of an instant.</summary>
    public DateTimeOffset ToWallClock(Instant instant) => _wallClockAtStart + (instant.SinceOrigin - Head);
}
