using WebRtcCore.Media.Audio;
using WebRtcCore.Testing;

namespace WebRtcCore.Media.Tests.Audio;

public sealed class AudioResamplerTests
{
    [TestCase(8_000, 48_000)]
    [TestCase(48_000, 8_000)]
    [TestCase(48_000, 16_000)]
    [TestCase(44_100, 48_000)]
    [TestCase(48_000, 44_100)]
    [TestCase(24_000, 22_100)]
    public void A_tone_stays_what_it_is(int from, int to)
    {
        var resampled = Resample(from, to, new Tone(from, 1000));

        Assert.That(Tone.GetShare(resampled, to, 1000), Is.GreaterThan(0.9999));
        Assert.That(Tone.GetLevel(resampled), Is.EqualTo(10_000 / Math.Sqrt(2)).Within(1).Percent);
    }

    [TestCase(48_000, 8_000, 4_600)]
    [TestCase(48_000, 16_000, 9_000)]
    [TestCase(16_000, 8_000, 5_000)]
    public void What_would_fold_back_is_taken_out(int from, int to, double frequency)
    {
        var resampled = Resample(from, to, new Tone(from, frequency));

        // 60 dB below the tone, quantisation to 16 bits included.
        Assert.That(Tone.GetLevel(resampled), Is.LessThan(10_000 / Math.Sqrt(2) / 1000));
    }

    [TestCase(8_000, 48_000)]
    [TestCase(44_100, 48_000)]
    [TestCase(48_000, 44_100)]
    public void As_much_time_comes_out_as_goes_in(int from, int to)
    {
        var resampler = new AudioResampler(from, to, 1);
        var output = new short[resampler.GetMaxOutput(from / 100)];
        var total = 0;
        for (var i = 0; i < 1000; i++)
        {
            total += resampler.Resample(new short[from / 100], output);
        }

        Assert.That(total, Is.EqualTo(to * 10).Within(2));
    }

    [Test]
    public void The_sizes_of_the_pieces_do_not_matter()
    {
        var tone = new Tone(44_100, 700).Next(44_100);
        var whole = new AudioResampler(44_100, 48_000, 1);
        var expected = new short[whole.GetMaxOutput(tone.Length)];
        var length = whole.Resample(tone, expected);
        var pieces = new AudioResampler(44_100, 48_000, 1);
        var random = new Random(1);
        var actual = new List<short>();
        for (var offset = 0; offset < tone.Length;)
        {
            var size = Math.Min(random.Next(1, 700), tone.Length - offset);
            var output = new short[pieces.GetMaxOutput(size)];
            actual.AddRange(output[..pieces.Resample(tone.AsSpan(offset, size), output)]);
            offset += size;
        }

        Assert.That(actual, Is.EqualTo(expected[..length]));
    }

    [Test]
    public void Channels_stay_apart()
    {
        var resampler = new AudioResampler(16_000, 48_000, 2);
        var source = new short[3200];
        new Tone(16_000, 500, channels: 2).Fill(source);
        for (var i = 1; i < source.Length; i += 2)
        {
            source[i] = 0;
        }

        var output = new short[2 * resampler.GetMaxOutput(1600)];
        var length = 2 * resampler.Resample(source, output);
        Assert.That(output[..length].Where((_, i) => i % 2 == 1), Is.All.Zero);
        Assert.That(output[..length].Max(), Is.GreaterThan(9000));
    }

    [Test]
    public void A_converter_changes_channels_and_rate()
    {
        var toMono = new AudioConverter(AudioFormat.Stereo48Khz, new AudioFormat(16_000, 1));
        var mono = new short[toMono.GetMaxOutput(48_000)];
        var length = toMono.Convert(new Tone(48_000, 1000, channels: 2).Next(48_000), mono);
        Assert.That(length, Is.EqualTo(16_000).Within(2));
        Assert.That(Tone.GetShare(mono.AsSpan(1000, 8000), 16_000, 1000), Is.GreaterThan(0.999));

        var toStereo = new AudioConverter(new AudioFormat(8_000, 1), AudioFormat.Stereo48Khz);
        var stereo = new short[2 * toStereo.GetMaxOutput(8_000)];
        length = toStereo.Convert(new Tone(8_000, 1000).Next(8_000), stereo);
        Assert.That(length, Is.EqualTo(48_000).Within(6));
        Assert.That(Enumerable.Range(0, length).All(i => stereo[2 * i] == stereo[(2 * i) + 1]), Is.True);
    }

    [Test]
    public void Resampling_allocates_nothing()
    {
        var resampler = new AudioResampler(44_100, 48_000, 2);
        var source = new short[882];
        var output = new short[2 * resampler.GetMaxOutput(441)];

        Assert.That(Allocations.Measure(() => resampler.Resample(source, output)), Is.Zero);
    }

    private static short[] Resample(int from, int to, Tone tone)
    {
        var resampler = new AudioResampler(from, to, 1);
        var output = new List<short>();
        for (var i = 0; i < 100; i++)
        {
            var piece = new short[resampler.GetMaxOutput(from / 100)];
            output.AddRange(piece[..resampler.Resample(tone.Next(from / 100), piece)]);
        }

        return [.. output.Skip(to / 2).Take(to / 4)];
    }
}
