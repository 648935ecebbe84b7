namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// What the path seemed to carry whenever it was overused: a smoothed mean and its spread. Near it the rate grows in small steps, far
/// from it the mean is worth nothing (draft-ietf-rmcat-gcc-02, 5.5).
/// </summary>
internal sealed class LinkCapacity
{
    private const double Gain = 0.05;
    private const double MinDeviation = 0.4;
    private const double MaxDeviation = 2.5;
    private const double Spread = 3;

    private double? _meanKbps;

    // The variance relative to the mean: a path's spread grows with its rate.
    private double _deviation = MinDeviation;

    /// <summary>Whether there is a mean.</summary>
    public bool HasEstimate => _meanKbps is not null;

    /// <summary>The mean in bits per second; 0 without one.</summary>
    public long EstimateBps => (long)((_meanKbps ?? 0) * 1000);

    /// <summary>Beyond this the mean is out of date.</summary>
    public long UpperBoundBps => _meanKbps is { } mean ? (long)((mean + (Spread * Deviation(mean))) * 1000) : long.MaxValue;

    /// <summary>Below this the mean is out of date.</summary>
    public long LowerBoundBps => _meanKbps is { } mean ? (long)(Math.Max(0, mean - (Spread * Deviation(mean))) * 1000) : 0;

    /// <summary>Forgets the mean.</summary>
    public void Reset() => _meanKbps = null;

    /// <summary>Takes in what arrived while the path was overused.</summary>
    public void Add(long throughputBps)
    {
        var sample = throughputBps / 1000.0;
        var mean = _meanKbps is { } known ? ((1 - Gain) * known) + (Gain * sample) : sample;
        var error = mean - sample;
        _meanKbps = mean;
        _deviation = Math.Clamp(((1 - Gain) * _deviation) + (Gain * error * error / Math.Max(mean, 1)), MinDeviation, MaxDeviation);
    }

    private double Deviation(double mean) => Math.Sqrt(_deviation * mean);
}
