namespace WebRtcCore.Media;

/// <summary>How PCM is laid out: 16-bit samples, those of all channels of one moment side by side.</summary>
/// <param name="SampleRate">Samples per second and channel: 8,000 to 192,000, a multiple of 100, so that 10 ms are whole samples.</param>
/// <param name="Channels">1 (mono) or 2 (stereo, left first).</param>
public readonly record struct AudioFormat(int SampleRate, int Channels)
{
    /// <summary>The lowest sample rate.</summary>
    public const int MinSampleRate = 8_000;

    /// <summary>The highest sample rate.</summary>
    public const int MaxSampleRate = 192_000;

    /// <summary>48 kHz, one channel.</summary>
    public static AudioFormat Mono48Khz => new(48_000, 1);

    /// <summary>48 kHz, two channels.</summary>
    public static AudioFormat Stereo48Khz => new(48_000, 2);

    /// <summary>Samples per channel of 10 ms.</summary>
    public int SamplesPer10Ms => SampleRate / 100;

    /// <summary>Whether rate and channels are in range.</summary>
    public bool IsValid => SampleRate is >= MinSampleRate and <= MaxSampleRate && SampleRate % 100 == 0 && Channels is 1 or 2;

    /// <summary>The time that so many samples per channel take.</summary>
    public TimeSpan ToDuration(long samplesPerChannel) => TimeSpan.FromTicks(samplesPerChannel * TimeSpan.TicksPerSecond / SampleRate);

    internal void ThrowIfNotValid(string parameterName)
    {
        if (!IsValid)
        {
            throw new ArgumentOutOfRangeException(parameterName, this, "PCM has 8,000 to 192,000 samples a second, a multiple of 100, and one or two channels.");
        }
    }
}
