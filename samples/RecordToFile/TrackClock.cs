namespace RecordToFile;

/// <summary>The time of one track, from its first frame on, out of RTP timestamps.</summary>
internal sealed class TrackClock(int clockRate)
{
    // Timestamps that run away from the real time by more than this were set anew, as another source does.
    private static readonly TimeSpan MaxDeviation = TimeSpan.FromSeconds(10);

    private TimeSpan _firstArrived;
    private uint _lastTicks;
    private bool _hasBegun;

    /// <summary>From its first frame to its last.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>When its first frame came.</summary>
    public TimeSpan FirstArrived => _firstArrived;

    /// <summary>When its first frame was captured, by the sender's clock; <see langword="null"/> until the sender has told.</summary>
    public DateTimeOffset? FirstCaptured { get; private set; }

    public void Advance(uint ticks, DateTimeOffset? captured, TimeSpan arrived)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            _firstArrived = arrived;
            _lastTicks = ticks;
        }

        // The difference wraps as the timestamps do.
        Elapsed += TimeSpan.FromTicks((int)(ticks - _lastTicks) * TimeSpan.TicksPerSecond / clockRate);
        _lastTicks = ticks;
        var byArrival = arrived - _firstArrived;
        if ((Elapsed - byArrival).Duration() > MaxDeviation)
        {
            Elapsed = byArrival;
        }

        FirstCaptured = captured is null ? FirstCaptured : captured - Elapsed;
    }
}
