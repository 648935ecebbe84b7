using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Compares the trend with a threshold that adapts (draft-ietf-rmcat-gcc-02, 5.4): it rises with the trend, so that a competing flow
/// which fills the queue does not starve this one, and falls slowly.
/// </summary>
internal sealed class OveruseDetector
{
    private const double InitialThreshold = 12.5;
    private const double MinThreshold = 6;
    private const double MaxThreshold = 600;
    private const double RiseGain = 0.0087;
    private const double FallGain = 0.039;
    private const double MaxAdaptation = 15;
    private const double MaxStepMilliseconds = 100;
    private const double TrendGain = 4;
    private const int MaxTrendDeltas = 60;
    private const double MinOveruseMilliseconds = 10;

    private double _threshold = InitialThreshold;
    private double _previousSlope;
    private double? _overusingMilliseconds;
    private int _overuseCount;
    private Instant? _updated;

    /// <summary>The verdict.</summary>
    public BandwidthUsage Usage { get; private set; }

    /// <summary>The threshold, in the units of the modified trend.</summary>
    public double Threshold => _threshold;

    /// <summary>Takes in a trend.</summary>
    /// <param name="slope">See <see cref="TrendlineEstimator.Slope"/>.</param>
    /// <param name="deltaCount">How many groups it rests on, at least.</param>
    /// <param name="sendMilliseconds">How much later the last group was sent than the one before.</param>
    /// <param name="now">The time by the peer's clock.</param>
    public void Update(double slope, int deltaCount, double sendMilliseconds, Instant now)
    {
        if (deltaCount < 2)
        {
            Usage = BandwidthUsage.Normal;
            return;
        }

        var trend = Math.Min(deltaCount, MaxTrendDeltas) * slope * TrendGain;
        if (trend > _threshold)
        {
            // One group may be late for other reasons: it takes two, some time, and a trend that does not already fall.
            _overusingMilliseconds = _overusingMilliseconds is { } soFar ? soFar + sendMilliseconds : sendMilliseconds / 2;
            _overuseCount++;
            if (_overusingMilliseconds > MinOveruseMilliseconds && _overuseCount > 1 && slope >= _previousSlope)
            {
                _overusingMilliseconds = 0;
                _overuseCount = 0;
                Usage = BandwidthUsage.Overusing;
            }
        }
        else
        {
            _overusingMilliseconds = null;
            _overuseCount = 0;
            Usage = trend < -_threshold ? BandwidthUsage.Underusing : BandwidthUsage.Normal;
        }

        _previousSlope = slope;
        Adapt(Math.Abs(trend), now);
    }

    /// <summary>Forgets the verdict; what the threshold has learned stays.</summary>
    public void Reset()
    {
        Usage = BandwidthUsage.Normal;
        _previousSlope = 0;
        _overusingMilliseconds = null;
        _overuseCount = 0;
        _updated = null;
    }

    private void Adapt(double trend, Instant now)
    {
        var elapsed = _updated is { } updated ? Math.Min((now - updated).TotalMilliseconds, MaxStepMilliseconds) : 0;
        _updated = now;

        // A spike far above the threshold, as a route change makes, must not teach it.
        if (trend > _threshold + MaxAdaptation)
        {
            return;
        }

        var gain = trend < _threshold ? FallGain : RiseGain;
        _threshold = Math.Clamp(_threshold + (gain * (trend - _threshold) * elapsed), MinThreshold, MaxThreshold);
    }
}
