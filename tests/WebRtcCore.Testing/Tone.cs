namespace WebRtcCore.Testing;

/// <summary>A sine to send, and how to find it in what arrives.</summary>
public sealed class Tone(int sampleRate, double frequencyHz, double amplitude = 10_000, int channels = 1)
{
    private double _phase;

    /// <summary>The greatest step from one sample to the next.</summary>
    public double MaxStep => 2 * amplitude * Math.Sin(Math.PI * frequencyHz / sampleRate);

    /// <summary>The share of the power that lies at a frequency, 0 to 1; 0 where there is no sound.</summary>
    public static double GetShare(ReadOnlySpan<short> samples, int sampleRate, double frequencyHz)
    {
        double re = 0, im = 0, power = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var angle = 2 * Math.PI * frequencyHz * i / sampleRate;
            re += samples[i] * Math.Cos(angle);
            im += samples[i] * Math.Sin(angle);
            power += (double)samples[i] * samples[i];
        }

        return power < 1 ? 0 : 2 * ((re * re) + (im * im)) / samples.Length / power;
    }

    /// <summary>The greatest step between neighbours of one channel.</summary>
    public static int GetMaxStep(ReadOnlySpan<short> samples)
    {
        var greatest = 0;
        for (var i = 1; i < samples.Length; i++)
        {
            greatest = Math.Max(greatest, Math.Abs(samples[i] - samples[i - 1]));
        }

        return greatest;
    }

    /// <summary>The root of the mean square.</summary>
    public static double GetLevel(ReadOnlySpan<short> samples)
    {
        double power = 0;
        foreach (var sample in samples)
        {
            power += (double)sample * sample;
        }

        return Math.Sqrt(power / samples.Length);
    }

    /// <summary>The next samples, the same in every channel.</summary>
    public short[] Next(int samplesPerChannel)
    {
        var samples = new short[samplesPerChannel * channels];
        Fill(samples);
        return samples;
    }

    /// <summary>Fills in the next samples.</summary>
    public void Fill(Span<short> samples)
    {
        for (var i = 0; i < samples.Length; i += channels)
        {
            var value = (short)Math.Round(amplitude * Math.Sin(_phase));
            _phase = (_phase + (2 * Math.PI * frequencyHz / sampleRate)) % (2 * Math.PI);
            samples.Slice(i, channels).Fill(value);
        }
    }
}
