using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Additive increase, multiplicative decrease (draft-ietf-rmcat-gcc-02, 5.5).
/// <code>
///             overusing                normal
///  Increase ------------> Decrease ----------> Hold
///     ^   \                                    ^  |
///     |    `---------------- underusing -------'  |
///     `------------------- normal ----------------'
/// </code>
/// </summary>
internal sealed class AimdRateControl(CongestionControlOptions options)
{
    private const double Backoff = 0.85;
    private const double GrowthPerSecond = 1.08;
    private const double MaxThroughputFactor = 1.5;
    private const long ThroughputMarginBps = 10_000;
    private const long MinGrowthBps = 1000;
    private const long MinAdditiveBpsPerSecond = 4000;
    private const double FramesPerSecond = 30;
    private const double PacketBits = 1200 * 8;
    private static readonly TimeSpan ResponseDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MinDecreaseInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxDecreaseInterval = TimeSpan.FromMilliseconds(200);

    private readonly LinkCapacity _capacity = new();
    private RateState _state = RateState.Hold;
    private TimeSpan _roundTripTime = TimeSpan.FromMilliseconds(200);
    private Instant? _changed;
    private Instant? _decreased;

    /// <summary>The rate in bits per second.</summary>
    public long BitrateBps { get; private set; } = options.StartBitrateBps;

    /// <summary>Sets the round-trip time: how long a change takes to show.</summary>
    public void SetRoundTripTime(TimeSpan roundTripTime) => _roundTripTime = roundTripTime;

    /// <summary>Takes over a rate that a probe has found.</summary>
    public void SetBitrate(long bitrateBps, Instant now)
    {
        BitrateBps = Clamp(bitrateBps);
        _changed = now;
    }

    /// <summary>Whether, overused still, the path has had the time to show the last decrease.</summary>
    public bool CanDecreaseFurther(long? throughputBps, Instant now)
    {
        var interval = TimeSpan.FromTicks(Math.Clamp(_roundTripTime.Ticks, MinDecreaseInterval.Ticks, MaxDecreaseInterval.Ticks));
        return _decreased is not { } last || now - last >= interval || throughputBps < BitrateBps / 2;
    }

    /// <summary>Takes in a verdict.</summary>
    /// <param name="usage">The verdict.</param>
    /// <param name="throughputBps">What arrives at the peer; <see langword="null"/> while it is not known.</param>
    /// <param name="now">The time.</param>
    public void Update(BandwidthUsage usage, long? throughputBps, Instant now)
    {
        TransitionTo(usage, now);
        switch (_state)
        {
            case RateState.Hold:
                break;
            case RateState.Increase:
                Increase(throughputBps, now);
                break;
            case RateState.Decrease:
                Decrease(throughputBps, now);
                break;
            default:
                throw new InvalidOperationException($"Unknown state {_state}.");
        }
    }

    private void TransitionTo(BandwidthUsage usage, Instant now)
    {
        switch (usage)
        {
            case BandwidthUsage.Overusing:
                _state = RateState.Decrease;
                break;
            case BandwidthUsage.Underusing:
                _state = RateState.Hold;
                break;
            default:
                if (_state == RateState.Hold)
                {
                    _changed = now;
                    _state = RateState.Increase;
                }

                break;
        }
    }

    private void Increase(long? throughputBps, Instant now)
    {
        if (throughputBps > _capacity.UpperBoundBps)
        {
            _capacity.Reset();
        }

        // Not far beyond what is really sent: otherwise an idle application would let the rate grow without any proof.
        var limit = throughputBps is { } throughput ? (long)(throughput * MaxThroughputFactor) + ThroughputMarginBps : long.MaxValue;
        if (BitrateBps < limit)
        {
            var elapsed = Math.Min(1, _changed is { } changed ? (now - changed).TotalSeconds : 0);
            var growth = _capacity.HasEstimate
                ? AdditiveBpsPerSecond() * elapsed
                : Math.Max(BitrateBps * (Math.Pow(GrowthPerSecond, elapsed) - 1), MinGrowthBps);
            BitrateBps = Clamp(Math.Min((long)(BitrateBps + growth), limit));
        }

        _changed = now;
    }

    // One packet of the mean size more in each response time.
    private double AdditiveBpsPerSecond()
    {
        var frameBits = BitrateBps / FramesPerSecond;
        var packetBits = frameBits / Math.Ceiling(frameBits / PacketBits);
        return Math.Max(MinAdditiveBpsPerSecond, packetBits / (_roundTripTime + ResponseDelay).TotalSeconds);
    }

    private void Decrease(long? throughputBps, Instant now)
    {
        if (throughputBps is { } throughput)
        {
            if (throughput < _capacity.LowerBoundBps)
            {
                _capacity.Reset();
            }

            // A short window sees an encoder's small frames as a slow path: what was seen before helps, as long as it still holds.
            var carried = _capacity.HasEstimate && (throughput < _capacity.EstimateBps || throughput * Backoff > BitrateBps)
                ? _capacity.EstimateBps
                : throughput;
            BitrateBps = Clamp(Math.Min((long)(carried * Backoff), BitrateBps));

            _capacity.Add(throughput);
        }
        else
        {
            BitrateBps = Clamp(BitrateBps / 2);
        }

        _state = RateState.Hold;
        _changed = now;
        _decreased = now;
    }

    private long Clamp(long bitrateBps) => Math.Clamp(bitrateBps, options.MinBitrateBps, Math.Max(options.MinBitrateBps, options.MaxBitrateBps));

    private enum RateState
    {
        Hold,
        Increase,
        Decrease,
    }
}
