using WebRtcCore.Media.Audio;
using WebRtcCore.Testing;

namespace WebRtcCore.Media.Tests.Audio;

public sealed class AudioMixerTests
{
    [Test]
    public void Quiet_voices_are_added()
    {
        var mixer = new AudioMixer(AudioFormat.Mono48Khz, 480);
        mixer.Add(Enumerable.Repeat((short)1000, 480).ToArray());
        mixer.Add(Enumerable.Repeat((short)-300, 240).ToArray());
        var mixed = new short[480];
        mixer.Take(mixed);

        Assert.That(mixed[..240], Is.All.EqualTo(700));
        Assert.That(mixed[240..], Is.All.EqualTo(1000));
    }

    [Test]
    public void A_frame_begins_empty()
    {
        var mixer = new AudioMixer(AudioFormat.Stereo48Khz, 480);
        var mixed = new short[960];
        mixer.Add(Enumerable.Repeat((short)1000, 960).ToArray());
        mixer.Take(mixed);
        mixer.Take(mixed);

        Assert.That(mixed, Is.All.Zero);
    }

    [Test]
    public void Loud_voices_are_turned_down_instead_of_clipped_and_come_back()
    {
        var mixer = new AudioMixer(AudioFormat.Mono48Khz, 480);
        var tones = Enumerable.Range(1, 5).Select(i => new Tone(48_000, 200 * i, 20_000)).ToArray();
        var mixed = new short[480];
        var clipped = 0;
        for (var frame = 0; frame < 100; frame++)
        {
            foreach (var tone in tones)
            {
                mixer.Add(tone.Next(480));
            }

            mixer.Take(mixed);
            clipped += mixed.Count(sample => sample is short.MaxValue or short.MinValue);
        }

        // At most the first millisecond of the first loud frame.
        Assert.That(clipped, Is.LessThan(48));
        var quiet = new Tone(48_000, 1000, 1000);
        for (var frame = 0; frame < 30; frame++)
        {
            mixer.Add(quiet.Next(480));
            mixer.Take(mixed);
        }

        Assert.That(mixed.Max(), Is.EqualTo(1000).Within(2));
    }

    [Test]
    public void Mixing_allocates_nothing()
    {
        var mixer = new AudioMixer(AudioFormat.Mono48Khz, 480);
        var voice = new short[480];

        Assert.That(
            Allocations.Measure(() =>
            {
                mixer.Add(voice);
                mixer.Take(voice);
            }),
            Is.Zero);
    }
}
