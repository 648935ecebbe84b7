using WebRtcCore.Testing;

namespace WebRtcCore.Media.Tests.Codecs;

/// <summary>G.711 and L16 as codecs.</summary>
public sealed class SampleCodecTests
{
    [TestCase("audio/PCMU")]
    [TestCase("audio/pcma")]
    public void G711_brings_a_tone_over(string mimeType)
    {
        var format = new CodecFormat(mimeType, 8_000);
        Assert.That(G711Codec.Instance.Supports(format), Is.True);
        using var encoder = G711Codec.Instance.CreateEncoder(format, AudioFormat.Stereo48Khz);
        using var decoder = G711Codec.Instance.CreateDecoder(format, AudioFormat.Stereo48Khz);
        var encoded = new byte[encoder.MaxEncodedSize];
        var length = encoder.Encode(new Tone(8_000, 1000).Next(encoder.FrameSize), encoded);
        var pcm = new short[decoder.MaxFrameSize];

        Assert.That((encoder.Format, length), Is.EqualTo((new AudioFormat(8_000, 1), 160)));
        Assert.That(decoder.Decode(encoded, pcm), Is.EqualTo(160));
        Assert.That(Tone.GetShare(pcm.AsSpan(0, 160), 8_000, 1000), Is.GreaterThan(0.99));
    }

    [TestCase(8_000, 1)]
    [TestCase(16_000, 1)]
    [TestCase(44_100, 1)]
    [TestCase(44_100, 2)]
    [TestCase(48_000, 1)]
    [TestCase(48_000, 2)]
    [TestCase(96_000, 2)]
    [TestCase(192_000, 2)]
    public void L16_is_exact_and_fits_in_a_packet(int rate, int channels)
    {
        var format = new CodecFormat("audio/L16", rate) { Channels = channels };
        using var encoder = L16Codec.Instance.CreateEncoder(format, AudioFormat.Mono48Khz);
        using var decoder = L16Codec.Instance.CreateDecoder(format, AudioFormat.Mono48Khz);
        var pcm = new Tone(rate, 1000, channels: channels).Next(encoder.FrameSize);
        var encoded = new byte[encoder.MaxEncodedSize];
        var decoded = new short[decoder.MaxFrameSize * channels];

        Assert.That(encoder.MaxEncodedSize, Is.LessThanOrEqualTo(1000));
        Assert.That(encoder.Encode(pcm, encoded), Is.EqualTo(pcm.Length * 2));
        Assert.That(decoder.Decode(encoded, decoded), Is.EqualTo(encoder.FrameSize));
        Assert.That(decoded[..pcm.Length], Is.EqualTo(pcm));
    }

    [Test]
    public void L16_is_in_network_byte_order()
    {
        using var encoder = L16Codec.Instance.CreateEncoder(new CodecFormat("audio/L16", 8_000), AudioFormat.Mono48Khz);
        var encoded = new byte[encoder.MaxEncodedSize];
        encoder.Encode(Enumerable.Repeat((short)0x1234, encoder.FrameSize).ToArray(), encoded);

        Assert.That(encoded[..4], Is.EqualTo(new byte[] { 0x12, 0x34, 0x12, 0x34 }));
    }

    [Test]
    public void What_is_no_whole_number_of_samples_is_malformed()
    {
        using var decoder = L16Codec.Instance.CreateDecoder(new CodecFormat("audio/L16", 8_000) { Channels = 2 }, AudioFormat.Mono48Khz);
        var pcm = new short[decoder.MaxFrameSize * 2];

        foreach (var length in new[] { 0, 1, 2, 3, 5, 20_000 })
        {
            Assert.That(decoder.Decode(new byte[length], pcm), Is.EqualTo(-1), $"{length} bytes");
        }
    }

    [Test]
    public void Other_codecs_are_not_supported()
    {
        Assert.That(G711Codec.Instance.Supports(new CodecFormat("audio/opus", 48_000) { Channels = 2 }), Is.False);
        Assert.That(G711Codec.Instance.Supports(new CodecFormat("audio/PCMU", 16_000)), Is.False);
        Assert.That(L16Codec.Instance.Supports(new CodecFormat("audio/L16", 11_025)), Is.False);
        Assert.That(L16Codec.Instance.Supports(new CodecFormat("audio/L16", 48_000) { Channels = 6 }), Is.False);
    }

    [TestCase("a=1;useinbandfec=1; stereo = 1", "stereo", "1")]
    [TestCase("UseInbandFEC=1", "useinbandfec", "1")]
    [TestCase("0-15", "stereo", null)]
    [TestCase(null, "stereo", null)]
    public void Parameters_are_read(string? line, string name, string? value) =>
        Assert.That(new CodecFormat("audio/opus", 48_000) { SdpFmtpLine = line }.GetParameter(name), Is.EqualTo(value));

    [Test]
    public void A_picture_has_three_planes()
    {
        var picture = new VideoPicture(5, 3);

        Assert.That((picture.Y.Length, picture.U.Length, picture.V.Length, picture.Data.Length), Is.EqualTo((15, 6, 6, 27)));
        Assert.That(picture.U.ToArray(), Is.All.EqualTo(0x80));
        Assert.That(() => new VideoPicture(5, 3, new byte[26]), Throws.ArgumentException);
        Assert.That(() => new VideoPicture(0, 3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new VideoPicture(20_000, 3), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
