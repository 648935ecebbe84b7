namespace WebRtcCore.Media.Playout;

/// <summary>
/// Finds the lag, 2.5 to 15 ms, at which sound repeats itself best: first at some 8 kHz and one channel, then exactly. Nothing is allocated.
/// </summary>
internal sealed class PitchSearch
{
    private const int CoarseRate = 8_000;

    private readonly int _channels;
    private readonly int _decimation;
    private readonly int _minLag;
    private readonly int _maxLag;
    private readonly float[] _mono;
    private readonly float[] _coarse;

    public PitchSearch(AudioFormat format)
    {
        _channels = format.Channels;
        _decimation = Math.Max(1, format.SampleRate / CoarseRate);
        _minLag = format.SampleRate / 400;
        _maxLag = format.SampleRate * 15 / 1000;
        _mono = new float[2 * _maxLag];
        _coarse = new float[_mono.Length / _decimation];
    }

    /// <summary>What a search looks at: samples per channel.</summary>
    public int WindowLength => _mono.Length;

    /// <summary>Searches <see cref="WindowLength"/> samples per channel.</summary>
    /// <param name="samples">The window; channels side by side, borrowed.</param>
    /// <param name="fromEnd">Whether the last 15 ms are compared with what is before them, or else the first 15 ms with what is behind them.</param>
    /// <returns>The lag in samples per channel, how well it fits (1: perfectly), and the mean square of the window.</returns>
    public (int Lag, double Correlation, double Power) Find(ReadOnlySpan<short> samples, bool fromEnd)
    {
        Prepare(samples, fromEnd);
        var coarseWindow = _maxLag / _decimation;
        var best = Search(_coarse, coarseWindow, _minLag / _decimation, coarseWindow).Lag * _decimation;
        var (lag, correlation) = Search(_mono, _maxLag, Math.Max(_minLag, best - _decimation), Math.Min(_maxLag, best + _decimation));
        var power = 0.0;
        foreach (var sample in _mono)
        {
            power += sample * sample;
        }

        return (lag, correlation, power / _mono.Length);
    }

    // One channel, reversed in time where the end is what counts: then both searches are the same.
    private void Prepare(ReadOnlySpan<short> samples, bool fromEnd)
    {
        for (var i = 0; i < _mono.Length; i++)
        {
            var from = (fromEnd ? _mono.Length - 1 - i : i) * _channels;
            _mono[i] = _channels == 1 ? samples[from] : (samples[from] + samples[from + 1]) / 2f;
        }

        for (var i = 0; i < _coarse.Length; i++)
        {
            var sum = 0f;
            for (var k = 0; k < _decimation; k++)
            {
                sum += _mono[(i * _decimation) + k];
            }

            _coarse[i] = sum / _decimation;
        }
    }

    private static (int Lag, double Correlation) Search(ReadOnlySpan<float> samples, int window, int from, int to)
    {
        var best = (Lag: from, Correlation: double.NegativeInfinity);
        var left = samples[..window];
        for (var lag = from; lag <= to && lag + window <= samples.Length; lag++)
        {
            var right = samples.Slice(lag, window);
            float product = 0, leftPower = 0, rightPower = 0;
            for (var i = 0; i < right.Length; i++)
            {
                product += left[i] * right[i];
                leftPower += left[i] * left[i];
                rightPower += right[i] * right[i];
            }

            var correlation = product / Math.Sqrt(((double)leftPower * rightPower) + 1);
            if (correlation > best.Correlation)
            {
                best = (lag, correlation);
            }
        }

        return best;
    }
}
