namespace WebRtcCore.LoadTest.Measuring;

/// <summary>Samples in ascending order.</summary>
internal sealed class Percentiles
{
    private readonly double[] _samples;

    public Percentiles(IEnumerable<double> samples)
    {
        _samples = [.. samples];
        Array.Sort(_samples);
    }

    public double Maximum => _samples[^1];

    /// <summary>The smallest sample that at least <paramref name="percent"/> per cent of all samples do not exceed.</summary>
    public double this[double percent] => _samples[Math.Clamp((int)Math.Ceiling(_samples.Length * percent / 100) - 1, 0, _samples.Length - 1)];
}
