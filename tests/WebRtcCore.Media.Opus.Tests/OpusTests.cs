using WebRtcCore.Testing;

namespace WebRtcCore.Media.Opus.Tests;

/// <summary>Opus over the system's libopus.</summary>
public sealed class OpusTests
{
    private static readonly double[] Durations = [2.5, 5, 10, 20, 40, 60, 80, 100, 120];

    [Test]
    public void The_library_is_there()
    {
        Assert.That(OpusLibrary.IsAvailable, Is.True);
        Assert.That(OpusLibrary.Version, Does.StartWith("libopus 1."));
    }

    [Test]
    public void A_missing_library_is_named_with_its_package() =>
        Assert.That(() => OpusLibrary.Load(["libnothing-of-the-kind.so.0"]), Throws.TypeOf<DllNotFoundException>().With.Message.Contains("libopus0"));

    [TestCaseSource(nameof(Durations))]
    public void A_tone_comes_through_in_frames_of_each_length(double milliseconds)
    {
        var options = new OpusOptions { FrameDuration = TimeSpan.FromMilliseconds(milliseconds) };
        var decoded = RoundTrip(new OpusEncoder(AudioFormat.Mono48Khz, options), new OpusDecoder(AudioFormat.Mono48Khz), 48_000, 1);

        Assert.That(Tone.GetShare(decoded.AsSpan(24_000, 19_200), 48_000, 1000), Is.GreaterThan(0.95));
    }

    [TestCase(8_000, 1)]
    [TestCase(12_000, 1)]
    [TestCase(16_000, 2)]
    [TestCase(24_000, 1)]
    [TestCase(48_000, 2)]
    public void A_tone_comes_through_at_each_rate(int rate, int channels)
    {
        var format = new AudioFormat(rate, channels);
        var decoded = RoundTrip(new OpusEncoder(format, new OpusOptions { BitrateBps = 64_000 }), new OpusDecoder(format), rate, channels);
        var left = decoded.Where((_, i) => i % channels == 0).ToArray();

        Assert.That(Tone.GetShare(left.AsSpan(rate / 2, rate / 4), rate, 1000), Is.GreaterThan(0.95));
    }

    [Test]
    public void Stereo_keeps_its_sides_apart()
    {
        using var encoder = new OpusEncoder(AudioFormat.Stereo48Khz, new OpusOptions { Application = OpusApplication.Audio, BitrateBps = 128_000 });
        using var decoder = new OpusDecoder(AudioFormat.Stereo48Khz);
        var (left, right) = (new Tone(48_000, 500), new Tone(48_000, 1500));
        var decoded = new List<short>();
        for (var i = 0; i < 50; i++)
        {
            var pcm = left.Next(960).Zip(right.Next(960)).SelectMany(pair => new[] { pair.First, pair.Second }).ToArray();
            decoded.AddRange(Decode(decoder, Encode(encoder, pcm)));
        }

        var end = decoded.Skip(48_000).ToArray();
        Assert.That(Tone.GetShare(end.Where((_, i) => i % 2 == 0).ToArray(), 48_000, 500), Is.GreaterThan(0.9));
        Assert.That(Tone.GetShare(end.Where((_, i) => i % 2 == 1).ToArray(), 48_000, 1500), Is.GreaterThan(0.9));
    }

    [Test]
    public void A_lost_packet_is_decoded_from_the_next_one()
    {
        using var encoder = new OpusEncoder(new AudioFormat(16_000, 1), new OpusOptions { BitrateBps = 32_000 });
        using var decoder = new OpusDecoder(new AudioFormat(16_000, 1));
        encoder.SetExpectedLoss(0.2);

        // A step in pitch, so that nothing that came before could stand in for what is lost.
        var packets = new List<byte[]>();
        for (var i = 0; i < 40; i++)
        {
            packets.Add(Encode(encoder, new Tone(16_000, i < 30 ? 300 : 700).Next(320)));
        }

        for (var i = 0; i < 30; i++)
        {
            Decode(decoder, packets[i]);
        }

        var recovered = new short[320];
        Assert.That(OpusRedundancy.IsIn(packets[31]), Is.True);
        Assert.That(decoder.DecodeRedundancy(packets[31], recovered), Is.EqualTo(320));
        Assert.That(Tone.GetShare(recovered.AsSpan(100), 16_000, 700), Is.GreaterThan(0.5));
        Assert.That(Decode(decoder, packets[31]), Has.Length.EqualTo(320));
    }

    [Test]
    public void Without_expected_loss_there_is_no_redundancy()
    {
        using var encoder = new OpusEncoder(new AudioFormat(16_000, 1), OpusOptions.Default);
        using var decoder = new OpusDecoder(new AudioFormat(16_000, 1));
        var packet = Encode(encoder, new Tone(16_000, 300).Next(320));

        Assert.That(OpusRedundancy.IsIn(packet), Is.False);
        Assert.That(decoder.DecodeRedundancy(packet, new short[320]), Is.Zero);
    }

    [Test]
    public void What_is_missing_is_made_up()
    {
        using var encoder = new OpusEncoder(AudioFormat.Mono48Khz, OpusOptions.Default);
        using var decoder = new OpusDecoder(AudioFormat.Mono48Khz);
        var tone = new Tone(48_000, 400);
        for (var i = 0; i < 20; i++)
        {
            Decode(decoder, Encode(encoder, tone.Next(960)));
        }

        var madeUp = new short[480];
        Assert.That(decoder.Conceal(madeUp), Is.EqualTo(480));
        Assert.That(Tone.GetLevel(madeUp), Is.GreaterThan(2000));
        Assert.That(decoder.Conceal([]), Is.Zero);
    }

    [Test]
    public void Silence_is_not_sent_with_dtx()
    {
        using var encoder = new OpusEncoder(new AudioFormat(16_000, 1), new OpusOptions { Dtx = true, BitrateBps = 20_000 });
        var encoded = new byte[encoder.MaxEncodedSize];
        var lengths = Enumerable.Range(0, 100).Select(_ => encoder.Encode(new short[320], encoded)).ToList();

        Assert.That(lengths.Skip(20).Count(length => length == 0), Is.GreaterThan(60));
    }

    [Test]
    public void The_bit_rate_follows_its_target()
    {
        using var encoder = new OpusEncoder(AudioFormat.Mono48Khz, new OpusOptions { BitrateBps = 64_000, Application = OpusApplication.Audio });
        var high = Measure(encoder);
        encoder.SetTargetBitrate(16_000);
        var low = Measure(encoder);
        encoder.SetTargetBitrate(1_000_000);

        Assert.That(high, Is.InRange(45_000, 75_000));
        Assert.That(low, Is.InRange(10_000, 20_000));
        Assert.That(encoder.BitrateBps, Is.EqualTo(64_000));
        encoder.SetTargetBitrate(0);
        Assert.That(encoder.BitrateBps, Is.EqualTo(OpusOptions.MinBitrateBps));
    }

    [Test]
    public void Constant_bit_rate_makes_packets_of_one_size()
    {
        using var encoder = new OpusEncoder(AudioFormat.Mono48Khz, new OpusOptions { ConstantBitrate = true });
        var noise = new Random(1);
        var sizes = Enumerable.Range(0, 50).Select(_ => Encode(encoder, [.. Enumerable.Range(0, 960).Select(_ => (short)noise.Next(-9000, 9000))]).Length);

        Assert.That(sizes.Distinct().ToList(), Is.EqualTo(new[] { 80 }));
    }

    [TestCase("useinbandfec=1;usedtx=1;cbr=1;maxaveragebitrate=20000;maxplaybackrate=16000;stereo=1", true, true, true, 20_000, 16_000, 2)]
    [TestCase("minptime=10", false, false, false, 32_000, 48_000, 1)]
    [TestCase("maxaveragebitrate=99999999999999;maxplaybackrate=x;useinbandfec=0", false, false, false, 32_000, 48_000, 1)]
    [TestCase("maxaveragebitrate=1;maxplaybackrate=1", false, false, false, 32_000, 48_000, 1)]
    [TestCase(null, false, false, false, 32_000, 48_000, 1)]
    public void The_peers_parameters_are_heeded(string? line, bool fec, bool dtx, bool cbr, int bitrate, int playbackRate, int channels)
    {
        var format = new CodecFormat("audio/opus", 48_000) { Channels = 2, SdpFmtpLine = line };
        var options = OpusOptions.Default.With(format);
        using var encoder = (OpusEncoder)new OpusCodec().CreateEncoder(format, AudioFormat.Stereo48Khz);

        Assert.That((options.InbandFec, options.Dtx, options.ConstantBitrate, options.BitrateBps, options.MaxPlaybackRate), Is.EqualTo((fec, dtx, cbr, bitrate, playbackRate)));
        Assert.That((encoder.Format.Channels, encoder.BitrateBps), Is.EqualTo((channels, bitrate)));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Hostile_packets_are_answered_with_minus_one_or_sound(int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var decoder = new OpusDecoder(AudioFormat.Stereo48Khz);
        var pcm = new short[decoder.MaxFrameSize * 2];
        for (var i = 0; i < 20_000; i++)
        {
            var packet = new byte[random.Next(20) == 0 ? random.Next(70_000) : random.Next(300)];
            random.NextBytes(packet);
            var announced = decoder.GetFrameSize(packet);
            Assert.That(decoder.Decode(packet, pcm), Is.EqualTo(announced).Or.EqualTo(-1));
            Assert.That(decoder.DecodeRedundancy(packet, pcm.AsSpan(0, 1920)), Is.EqualTo(960).Or.EqualTo(0));
        }

        Assert.That(decoder.Decode([], pcm), Is.EqualTo(-1));
        Assert.That(decoder.Decode(new byte[9000], pcm), Is.EqualTo(-1));
        Assert.That(decoder.Decode([0x03, 0x3F], pcm), Is.EqualTo(-1));
    }

    [Test]
    public void Every_prefix_of_a_packet_is_safe()
    {
        using var encoder = new OpusEncoder(AudioFormat.Mono48Khz, OpusOptions.Default);
        using var decoder = new OpusDecoder(AudioFormat.Mono48Khz);
        var packet = Encode(encoder, new Tone(48_000, 400).Next(960));
        var pcm = new short[decoder.MaxFrameSize];

        Assert.That(Enumerable.Range(0, packet.Length + 1).Select(length => decoder.Decode(packet.AsSpan(0, length), pcm)), Is.All.EqualTo(960).Or.EqualTo(-1));
    }

    [Test]
    public void A_room_that_is_too_small_is_not_written_beyond()
    {
        using var encoder = new OpusEncoder(AudioFormat.Mono48Khz, OpusOptions.Default);
        using var decoder = new OpusDecoder(AudioFormat.Mono48Khz);
        var packet = Encode(encoder, new Tone(48_000, 400).Next(960));

        Assert.That(decoder.Decode(packet, new short[959]), Is.EqualTo(-1));
        Assert.That(() => encoder.Encode(new short[959], new byte[encoder.MaxEncodedSize]), Throws.ArgumentException);
        Assert.That(() => encoder.Encode(new short[960], new byte[100]), Throws.ArgumentException);
    }

    [Test]
    public void A_disposed_encoder_refuses_work()
    {
        var encoder = new OpusEncoder(AudioFormat.Mono48Khz, OpusOptions.Default);
        encoder.Dispose();
        encoder.Dispose();

        Assert.That(() => encoder.Encode(new short[960], new byte[1100]), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Options_out_of_range_are_refused()
    {
        static OpusCodec Make(OpusOptions options) => new(options);
        Assert.That(() => Make(new OpusOptions { FrameDuration = TimeSpan.FromMilliseconds(15) }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Make(new OpusOptions { BitrateBps = 5_999 }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Make(new OpusOptions { Complexity = 11 }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Make(new OpusOptions { MaxPacketSize = 1_101 }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Make(new OpusOptions { Application = (OpusApplication)1 }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new OpusDecoder(new AudioFormat(44_100, 1)), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Encoding_and_decoding_allocate_nothing()
    {
        using var encoder = new OpusEncoder(AudioFormat.Mono48Khz, OpusOptions.Default);
        using var decoder = new OpusDecoder(AudioFormat.Mono48Khz);
        var pcm = new Tone(48_000, 400).Next(960);
        var encoded = new byte[encoder.MaxEncodedSize];
        var decoded = new short[decoder.MaxFrameSize];
        var bitrate = 0;

        Assert.That(
            Allocations.Measure(
                () =>
                {
                    encoder.SetTargetBitrate(16_000 + (bitrate++ % 1000));
                    encoder.SetExpectedLoss(bitrate % 2 * 0.1);
                    decoder.Decode(encoded.AsSpan(0, encoder.Encode(pcm, encoded)), decoded);
                    decoder.Conceal(decoded.AsSpan(0, 480));
                },
                200),
            Is.Zero);
    }

    private static byte[] Encode(OpusEncoder encoder, ReadOnlySpan<short> pcm)
    {
        var encoded = new byte[encoder.MaxEncodedSize];
        return encoded[..encoder.Encode(pcm, encoded)];
    }

    private static short[] Decode(OpusDecoder decoder, byte[] packet)
    {
        var pcm = new short[decoder.MaxFrameSize * decoder.Format.Channels];
        return pcm[..(decoder.Decode(packet, pcm) * decoder.Format.Channels)];
    }

    // Bits per second of two seconds of noise, the first of which is not counted.
    private static long Measure(OpusEncoder encoder)
    {
        var noise = new Random(1);
        long bytes = 0;
        for (var i = 0; i < 100; i++)
        {
            var packet = Encode(encoder, [.. Enumerable.Range(0, 960).Select(_ => (short)noise.Next(-9000, 9000))]);
            bytes += i < 50 ? 0 : packet.Length;
        }

        return bytes * 8;
    }

    private static short[] RoundTrip(OpusEncoder encoder, OpusDecoder decoder, int rate, int channels)
    {
        using (encoder)
        using (decoder)
        {
            var tone = new Tone(rate, 1000, channels: channels);
            var decoded = new List<short>();
            while (decoded.Count < rate * channels)
            {
                var packet = Encode(encoder, tone.Next(encoder.FrameSize));
                Assert.That(packet, Has.Length.InRange(1, encoder.MaxEncodedSize));
                Assert.That(decoder.GetFrameSize(packet), Is.EqualTo(encoder.FrameSize));
                decoded.AddRange(Decode(decoder, packet));
            }

            return [.. decoded];
        }
    }
}
