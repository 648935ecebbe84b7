namespace WebRtcCore.Tests.Media;

/// <summary>The level of sound, and whether it is speech.</summary>
public sealed class AudioActivityTests
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(20);
    private readonly Random _random = new(1);

    [TestCase(0, 0)]
    [TestCase(-13, 13)]
    [TestCase(-40, 40)]
    [TestCase(-60, 60)]
    public void The_level_is_the_root_of_the_mean_square_in_decibels(double decibels, int level)
    {
        var sample = (short)Math.Round(short.MaxValue * Math.Pow(10, decibels / 20));

        Assert.That(new AudioActivity().Measure(Enumerable.Repeat(sample, 960).ToArray(), Frame).Level, Is.EqualTo(level));
    }

    [Test]
    public void Silence_is_127_and_no_speech()
    {
        var level = new AudioActivity().Measure(new short[960], Frame);

        Assert.That((level.Level, level.HasVoice), Is.EqualTo(((byte)127, false)));
    }

    [Test]
    public void Speech_is_what_is_louder_than_the_background()
    {
        var activity = new AudioActivity();

        Assert.That(Hear(activity, -50, 20).HasVoice, Is.False, "the background is known by now");
        Assert.That(Hear(activity, -25, 1).HasVoice, Is.True);
        Assert.That(Hear(activity, -50, 1).HasVoice, Is.False);
    }

    private WebRtcCore.Rtp.HeaderExtensions.AudioLevel Hear(AudioActivity activity, double decibels, int seconds)
    {
        var amplitude = short.MaxValue * Math.Pow(10, decibels / 20) * Math.Sqrt(3);
        WebRtcCore.Rtp.HeaderExtensions.AudioLevel last = default;
        for (var i = 0; i < seconds * 50; i++)
        {
            last = activity.Measure(Enumerable.Range(0, 960).Select(_ => (short)(((2 * _random.NextDouble()) - 1) * amplitude)).ToArray(), Frame);
        }

        return last;
    }
}
