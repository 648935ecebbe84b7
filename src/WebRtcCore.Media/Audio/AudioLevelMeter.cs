namespace WebRtcCore.Media.Audio;

/// <summary>Measures loudness as webrtc-stats defines it: the level of the latest sound, energy summed over time, and how much sound there was.</summary>
public sealed class AudioLevelMeter
{
    /// <summary>The level of the latest sound, 0 (silence) to 1 (0 dBov): the root of the mean square.</summary>
    public double Level { get; private set; }

    /// <summary>The sum of the squares of the levels, each times its duration in seconds.</summary>
    public double TotalEnergy { get; private set; }

    /// <summary>How much sound was measured.</summary>
    public TimeSpan TotalDuration { get; private set; }

    /// <summary>Takes samples in; borrowed.</summary>
    public void Add(ReadOnlySpan<short> samples, AudioFormat format)
    {
        if (samples.IsEmpty)
        {
            return;
        }

        long sum = 0;
        foreach (var sample in samples)
        {
            sum += sample * sample;
        }

        var duration = format.ToDuration(samples.Length / format.Channels);
        var square = sum / (double)samples.Length / (short.MaxValue * (double)short.MaxValue);
        Level = Math.Min(1, Math.Sqrt(square));
        TotalEnergy += square * duration.TotalSeconds;
        TotalDuration += duration;
    }
}
