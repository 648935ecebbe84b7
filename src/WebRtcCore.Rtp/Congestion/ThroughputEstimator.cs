using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// What arrives at the peer in bits per second: bytes in short windows, weighed against what was known by how much they differ, so that
/// the bursts of an encoder do not shake it.
/// </summary>
internal sealed class ThroughputEstimator
{
    private const double UncertaintyScale = 10;
    private const double VarianceGrowth = 5;
    private const double InitialVariance = 50;
    private static readonly TimeSpan FirstWindow = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(150);

    private Instant? _started;
    private long _bytes;
    private double? _estimateKbps;
    private double _variance = InitialVariance;

    /// <summary>Bits per second, or <see langword="null"/> before the first window has passed.</summary>
    public long? BitrateBps => _estimateKbps is { } estimate ? (long)(estimate * 1000) : null;

    /// <summary>Lets the next windows count for more: what is sent has changed on purpose.</summary>
    public void ExpectFastChange() => _variance += 200;

    /// <summary>Takes in a packet.</summary>
    public void Add(Instant arrived, int length)
    {
        var window = _estimateKbps is null ? FirstWindow : Window;
        if (_started is not { } started || arrived < started)
        {
            _started = arrived;
            _bytes = length;
            return;
        }

        var elapsed = arrived - started;
        if (elapsed >= window)
        {
            // After a pause the windows that passed without a packet say nothing: nothing was sent.
            if (elapsed < window * 2)
            {
                Update(_bytes * 8 / elapsed.TotalMilliseconds);
            }

            _started = arrived;
            _bytes = 0;
        }

        _bytes += length;
    }

    private void Update(double sampleKbps)
    {
        if (_estimateKbps is not { } estimate)
        {
            _estimateKbps = sampleKbps;
            return;
        }

        var deviation = UncertaintyScale * Math.Abs(estimate - sampleKbps) / Math.Max(estimate, 1);
        var sampleVariance = Math.Max(deviation * deviation, 1e-6);
        var predicted = _variance + VarianceGrowth;
        _estimateKbps = Math.Max(0, ((sampleVariance * estimate) + (predicted * sampleKbps)) / (sampleVariance + predicted));
        _variance = sampleVariance * predicted / (sampleVariance + predicted);
    }
}
