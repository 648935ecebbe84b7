using WebRtcCore.Media;

namespace VoiceAgent;

/// <summary>
/// The PCM that turns and answers are made of: 16-bit samples, mono. Any rate of <see cref="AudioFormat"/> will do, as what the agent's recogniser and synthesis like: the
/// library converts.
/// </summary>
internal static class Voice
{
    public const int SampleRate = 48_000;

    /// <summary>Samples of 10 ms.</summary>
    public const int FrameSize = SampleRate / 100;

    public static readonly AudioFormat Format = new(SampleRate, 1);

    public static readonly TimeSpan FrameDuration = TimeSpan.FromMilliseconds(10);

    /// <summary>How long so many samples are.</summary>
    public static TimeSpan ToDuration(long samples) => TimeSpan.FromTicks(samples * TimeSpan.TicksPerSecond / SampleRate);

    /// <summary>The level of some samples in dB below full scale; -100 for silence.</summary>
    public static double Level(ReadOnlySpan<short> samples)
    {
        double sum = 0;
        foreach (short sample in samples)
        {
            sum += (double)sample * sample;
        }

        double power = samples.IsEmpty ? 0 : sum / samples.Length / (32768.0 * 32768.0);
        return Math.Max(-100, 10 * Math.Log10(power + 1e-12));
    }
}
