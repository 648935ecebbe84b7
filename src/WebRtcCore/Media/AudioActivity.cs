using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore;

/// <summary>
/// Measures the level of sound that is encoded here, for the header extension of its packet (RFC 6464), and takes it for speech where it is louder than the background,
/// which is followed: at once when it falls, slowly when it rises.
/// </summary>
internal sealed class AudioActivity
{
    private const byte Silence = 127;
    private const double InitialFloor = -60;
    private const double LowestFloor = -90;
    private const double LeastSpeechLevel = -55;
    private const double Margin = 9;
    private const double RisePerSecond = 1;

    private double _floor = InitialFloor;

    /// <summary>Measures the next sound.</summary>
    /// <param name="samples">The samples of all channels; borrowed.</param>
    /// <param name="duration">How long they sound.</param>
    public AudioLevel Measure(ReadOnlySpan<short> samples, TimeSpan duration)
    {
        long sum = 0;
        foreach (var sample in samples)
        {
            sum += sample * sample;
        }

        if (sum == 0)
        {
            // Nobody's background is as quiet as this: it says nothing of the next sound.
            return new AudioLevel(HasVoice: false, Silence);
        }

        // RFC 6464 3: the root of the mean square, relative to the loudest signal that there can be.
        var level = 10 * Math.Log10(sum / (double)samples.Length / (short.MaxValue * (double)short.MaxValue));
        var hasVoice = level > Math.Max(LeastSpeechLevel, _floor + Margin);
        _floor = Math.Max(LowestFloor, Math.Min(level, _floor + (RisePerSecond * duration.TotalSeconds)));
        return new AudioLevel(hasVoice, (byte)Math.Clamp(Math.Round(-level), 0, Silence));
    }
}
