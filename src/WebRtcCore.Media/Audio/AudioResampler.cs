using System.Numerics;
using System.Runtime.InteropServices;

namespace WebRtcCore.Media.Audio;

/// <summary>
/// Changes the sample rate of a stream: a polyphase filter with windowed-sinc (Kaiser) coefficients, so that what lies above the lower rate's half is
/// taken out instead of folded back. Passes up to 45 % of the lower rate within 0.1 dB; stops what would fold back by 70 dB and more.
/// </summary>
/// <remarks>Exact in the long run: N seconds in, N seconds out. Delays by some 24 samples of the lower rate. After the first call nothing is allocated.</remarks>
public sealed class AudioResampler
{
    // Taps on each side of the centre, at the lower of both rates.
    private const int HalfWidth = 24;
    private const double KaiserBeta = 8;

    private readonly int _up;
    private readonly int _down;
    private readonly int _channels;
    private readonly int _taps;
    private readonly float[] _coefficients;

    // For each channel the samples that the filter still needs, and after them what has just come.
    private readonly float[][] _history;
    private int _filled;
    private int _position;
    private int _phase;

    /// <summary>Creates a resampler.</summary>
    /// <param name="sourceRate">Rate of what comes, 8,000 to 192,000 in steps of 100.</param>
    /// <param name="destinationRate">Rate of what goes.</param>
    /// <param name="channels">Channels, side by side; 1 or 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate or the channels are out of range.</exception>
    public AudioResampler(int sourceRate, int destinationRate, int channels)
    {
        new AudioFormat(sourceRate, channels).ThrowIfNotValid(nameof(sourceRate));
        new AudioFormat(destinationRate, channels).ThrowIfNotValid(nameof(destinationRate));
        var divisor = (int)BigInteger.GreatestCommonDivisor(sourceRate, destinationRate);
        _up = destinationRate / divisor;
        _down = sourceRate / divisor;
        _channels = channels;

        // At a lower destination rate the filter is longer in source samples by the same factor.
        var scale = Math.Max(1.0, (double)sourceRate / destinationRate);
        var taps = 2 * (int)Math.Ceiling(HalfWidth * scale);
        _taps = (taps + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        _coefficients = MakeCoefficients(_up, _taps, taps, scale);
        _history = new float[channels][];
        for (var channel = 0; channel < channels; channel++)
        {
            _history[channel] = new float[_taps * 2];
        }

        // Silence before the beginning, so that the first sample out belongs to the first in.
        _filled = _taps - 1;
    }

    /// <summary>The most samples per channel that come out for so many in.</summary>
    public int GetMaxOutput(int samplesPerChannel) => (int)(((long)samplesPerChannel * _up / _down) + 2);

    /// <summary>Takes samples in and gives those that follow from them.</summary>
    /// <param name="source">Samples, channels side by side; borrowed.</param>
    /// <param name="destination">Room for <see cref="GetMaxOutput"/> samples of each channel.</param>
    /// <returns>Samples per channel written.</returns>
    public int Resample(ReadOnlySpan<short> source, Span<short> destination)
    {
        var incoming = source.Length / _channels;
        for (var channel = 0; channel < _channels; channel++)
        {
            ref var history = ref _history[channel];
            if (history.Length < _filled + incoming)
            {
                Array.Resize(ref history, _filled + incoming);
            }

            for (int i = 0, from = channel, to = _filled; i < incoming; i++, from += _channels, to++)
            {
                history[to] = source[from];
            }
        }

        _filled += incoming;
        var written = 0;
        while (_position + _taps <= _filled)
        {
            for (var channel = 0; channel < _channels; channel++)
            {
                destination[(written * _channels) + channel] = Saturate(Filter(_history[channel].AsSpan(_position, _taps), _phase));
            }

            written++;
            _phase += _down;
            _position += _phase / _up;
            _phase %= _up;
        }

        DropUsed();
        return written;
    }

    // Phase p of an output sample: coefficients of the filter at the distances of the source samples from it.
    private static float[] MakeCoefficients(int phases, int paddedTaps, int taps, double scale)
    {
        var coefficients = new float[phases * paddedTaps];
        var cutoff = 0.93 / scale;
        var half = taps / 2.0;
        for (var phase = 0; phase < phases; phase++)
        {
            var row = coefficients.AsSpan(phase * paddedTaps, paddedTaps);
            var sum = 0.0;
            for (var tap = 0; tap < taps; tap++)
            {
                var distance = tap - (half - 1) - ((double)phase / phases);
                var value = cutoff * Sinc(cutoff * distance) * Kaiser(distance / half);
                row[tap] = (float)value;
                sum += value;
            }

            // Every phase passes a constant unchanged; otherwise the phases would hum.
            for (var tap = 0; tap < taps; tap++)
            {
                row[tap] = (float)(row[tap] / sum);
            }
        }

        return coefficients;
    }

    private static double Sinc(double x) => Math.Abs(x) < 1e-9 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    private static double Kaiser(double x) => Math.Abs(x) > 1 ? 0 : Bessel(KaiserBeta * Math.Sqrt(1 - (x * x))) / Bessel(KaiserBeta);

    private static double Bessel(double x)
    {
        var sum = 1.0;
        var term = 1.0;
        for (var k = 1; k < 40; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }

        return sum;
    }

    private static short Saturate(float value) => (short)Math.Clamp(MathF.Round(value), short.MinValue, short.MaxValue);

    private float Filter(ReadOnlySpan<float> samples, int phase)
    {
        var left = MemoryMarshal.Cast<float, Vector<float>>(samples);
        var right = MemoryMarshal.Cast<float, Vector<float>>(_coefficients.AsSpan(phase * _taps, _taps));
        var sum = Vector<float>.Zero;
        for (var i = 0; i < right.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return Vector.Sum(sum);
    }

    private void DropUsed()
    {
        // Much more is left out than came only where the rate falls far: the position then points beyond what there is.
        var used = Math.Min(_position, _filled);
        for (var channel = 0; channel < _channels; channel++)
        {
            _history[channel].AsSpan(used, _filled - used).CopyTo(_history[channel]);
        }

        _filled -= used;
        _position -= used;
    }
}
