using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// How fast the one-way delay grows: the slope of a line through the last groups' accumulated, smoothed delay, by least squares. 0 is a
/// queue that stands still; 0.1 is one that grows by a tenth of the time that passes. What libwebrtc uses in place of the draft's Kalman filter.
/// </summary>
internal sealed class TrendlineEstimator
{
    private const int WindowSize = 20;
    private const double Smoothing = 0.9;
    private const int MaxDeltas = 1000;

    private readonly double[] _times = new double[WindowSize];
    private readonly double[] _delays = new double[WindowSize];
    private Instant? _first;
    private double _accumulated;
    private double _smoothed;
    private int _next;

    /// <summary>The slope; 0 until there are enough groups.</summary>
    public double Slope { get; private set; }

    /// <summary>Groups compared so far; stops counting at 1,000.</summary>
    public int DeltaCount { get; private set; }

    /// <summary>Takes in a comparison.</summary>
    public void Add(in GroupDelta delta)
    {
        _first ??= delta.Arrived;
        DeltaCount = Math.Min(DeltaCount + 1, MaxDeltas);
        _accumulated += delta.ArrivalMilliseconds - delta.SendMilliseconds;
        _smoothed = (Smoothing * _smoothed) + ((1 - Smoothing) * _accumulated);
        _times[_next] = (double)(delta.Arrived.Ticks - _first.Value.Ticks) / TimeSpan.TicksPerMillisecond;
        _delays[_next] = _smoothed;
        _next = (_next + 1) % WindowSize;
        if (DeltaCount >= WindowSize)
        {
            Fit();
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        _first = null;
        _accumulated = 0;
        _smoothed = 0;
        _next = 0;
        Slope = 0;
        DeltaCount = 0;
    }

    private void Fit()
    {
        double meanTime = 0;
        double meanDelay = 0;
        for (var i = 0; i < WindowSize; i++)
        {
            meanTime += _times[i];
            meanDelay += _delays[i];
        }

        meanTime /= WindowSize;
        meanDelay /= WindowSize;
        double numerator = 0;
        double denominator = 0;
        for (var i = 0; i < WindowSize; i++)
        {
            numerator += (_times[i] - meanTime) * (_delays[i] - meanDelay);
            denominator += (_times[i] - meanTime) * (_times[i] - meanTime);
        }

        if (denominator > 0)
        {
            Slope = numerator / denominator;
        }
    }
}
