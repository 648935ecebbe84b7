using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// For peers without transport-wide feedback: grows while their reports tell of less than 2 % loss, shrinks beyond 10 %
/// (draft-ietf-rmcat-gcc-02, 6). What they estimate themselves (REMB) is the other limit.
/// </summary>
internal sealed class ReportBasedEstimator(CongestionControlOptions options)
{
    private const double LowLoss = 0.02;
    private const double HighLoss = 0.1;
    private const double GrowthPerSecond = 1.08;
    private const long MinGrowthBps = 1000;
    private static readonly TimeSpan MinDecreaseInterval = TimeSpan.FromMilliseconds(300);

    private Instant? _updated;
    private Instant? _decreased;

    /// <summary>The rate in bits per second.</summary>
    public long BitrateBps { get; private set; } = options.StartBitrateBps;

    /// <summary>Takes in a report.</summary>
    public void OnReport(double fractionLost, TimeSpan roundTripTime, Instant now)
    {
        var elapsed = _updated is { } updated ? Math.Min(1, (now - updated).TotalSeconds) : 0;
        _updated = now;
        if (fractionLost < LowLoss)
        {
            BitrateBps = Clamp((BitrateBps * Math.Pow(GrowthPerSecond, elapsed)) + MinGrowthBps);
        }
        else if (fractionLost > HighLoss && (_decreased is not { } last || now - last >= MinDecreaseInterval + roundTripTime))
        {
            _decreased = now;
            BitrateBps = Clamp(BitrateBps * (1 - (0.5 * fractionLost)));
        }
    }

    /// <summary>The peer knows its path: what it estimates is the rate, unless losses say otherwise.</summary>
    public void OnRemoteEstimate(long bitrateBps)
    {
        if (_decreased is null)
        {
            BitrateBps = Clamp(bitrateBps);
        }
    }

    private long Clamp(double bitrateBps) => (long)Math.Clamp(bitrateBps, options.MinBitrateBps, Math.Max(options.MinBitrateBps, options.MaxBitrateBps));
}
