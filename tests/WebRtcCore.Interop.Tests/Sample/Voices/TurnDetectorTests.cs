using VoiceAgent;

namespace WebRtcCore.Interop.Tests.Sample.Voices;

/// <summary>When somebody speaks.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TurnDetectorTests
{
    private readonly TurnDetector _detector = new(new TurnDetectorOptions());
    private readonly Random _random = new(1);

    [Test]
    public void A_turn_begins_with_speech_and_ends_after_the_hang_over()
    {
        Assert.That(Hear(-70, 1000), Is.Empty);
        Assert.That(Hear(-20, 1000), Is.EqualTo((TurnChange[])[TurnChange.Began]));
        Assert.That(_detector.TurnBegan.TotalMilliseconds, Is.EqualTo(960).Within(50));
        Assert.That(Hear(-70, 590), Is.Empty);
        Assert.That(Hear(-70, 20), Is.EqualTo((TurnChange[])[TurnChange.Ended]));
        Assert.That((_detector.LastSpeech - _detector.TurnBegan).TotalMilliseconds, Is.EqualTo(1040).Within(50));
    }

    [Test]
    public void A_pause_shorter_than_the_hang_over_is_within_the_turn()
    {
        Hear(-70, 1000);
        Hear(-20, 500);

        Assert.That(Hear(-70, 400), Is.Empty);
        Assert.That(Hear(-20, 500), Is.Empty);
        Assert.That(_detector.IsInTurn);
    }

    [Test]
    public void A_click_is_no_turn()
    {
        Hear(-70, 1000);

        Assert.That(Hear(-5, 50), Is.Empty);
        Assert.That(Hear(-70, 1000), Is.Empty);
    }

    [TestCase(-80)]
    [TestCase(-60)]
    [TestCase(-40)]
    public void The_background_is_followed_so_that_it_is_no_speech_and_speech_above_it_is(double background)
    {
        Hear(background, 10_000);
        Assert.That(_detector.Floor, Is.EqualTo(background).Within(3));
        Assert.That(Hear(background, 2000), Is.Empty);
        Assert.That(Hear(background + 25, 500), Is.EqualTo((TurnChange[])[TurnChange.Began]));
    }

    [Test]
    public void Noise_that_begins_and_stays_does_not_keep_a_turn_open_for_ever()
    {
        Hear(-70, 1000);
        Hear(-40, 29_000);

        Assert.That(Hear(-40, 2000), Does.Contain(TurnChange.Ended));
        Hear(-40, 20_000);
        Assert.That(_detector.IsInTurn, Is.False);
    }

    [Test]
    public void Exact_silence_says_nothing_of_the_background()
    {
        double before = _detector.Floor;

        Assert.That(Hear(-200, 5000), Is.Empty);
        Assert.That(_detector.Floor, Is.EqualTo(before));
        Assert.That(Hear(-45, 5000), Is.Empty);
        Assert.That(_detector.Floor, Is.EqualTo(-45).Within(2));
    }

    [Test]
    public void What_is_very_quiet_is_no_speech_however_quiet_it_was_before()
    {
        Hear(-85, 5000);

        Assert.That(Hear(-60, 1000), Is.Empty);
        Assert.That(Hear(-50, 1000), Is.EqualTo((TurnChange[])[TurnChange.Began]));
    }

    // Noise of a level, for some milliseconds.
    private List<TurnChange> Hear(double level, int milliseconds)
    {
        var changes = new List<TurnChange>();
        var frame = new short[Voice.FrameSize];
        double amplitude = 32768 * Math.Pow(10, level / 20) * Math.Sqrt(3);
        for (int i = 0; i < milliseconds / 10; i++)
        {
            for (int j = 0; j < frame.Length; j++)
            {
                frame[j] = (short)Math.Round(Math.Clamp(((2 * _random.NextDouble()) - 1) * amplitude, short.MinValue, short.MaxValue));
            }

            if (_detector.Accept(frame) is var change and not TurnChange.None)
            {
                changes.Add(change);
            }
        }

        return changes;
    }
}
