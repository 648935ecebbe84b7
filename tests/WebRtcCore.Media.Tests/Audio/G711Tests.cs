using System.Text.Json;
using WebRtcCore.Media.Audio;
using WebRtcCore.Testing;

namespace WebRtcCore.Media.Tests.Audio;

public sealed class G711Tests
{
    private delegate void Encoder(ReadOnlySpan<short> samples, Span<byte> encoded);

    private delegate void Decoder(ReadOnlySpan<byte> encoded, Span<short> samples);

    [TestCase("mulaw")]
    [TestCase("alaw")]
    public void Every_byte_decodes_to_its_value(string law) => Assert.That(DecodeAll(law), Is.EqualTo(Table(law)));

    [TestCase("mulaw")]
    [TestCase("alaw")]
    public void What_is_decoded_encodes_to_the_same_byte(string law)
    {
        var encoded = new byte[256];
        Encode(law)(DecodeAll(law), encoded);
        for (var i = 0; i < 256; i++)
        {
            // Mu-law has a negative zero, which is as good as the other.
            var expected = law == "mulaw" && i == 0x7F ? 0xFF : i;
            Assert.That(encoded[i], Is.EqualTo(expected), $"byte {i}");
        }
    }

    [TestCase("mulaw")]
    [TestCase("alaw")]
    public void Every_sample_is_encoded_to_a_value_beside_it_in_order(string law)
    {
        var samples = Enumerable.Range(short.MinValue, 65_536).Select(s => (short)s).ToArray();
        var encoded = new byte[samples.Length];
        var decoded = new short[samples.Length];
        Encode(law)(samples, encoded);
        Decode(law)(encoded, decoded);
        Assert.That(decoded, Is.Ordered);
        var values = Table(law).Order().ToArray();
        for (var i = 0; i < samples.Length; i++)
        {
            var place = Array.BinarySearch(values, samples[i]);
            var above = Math.Min(place < 0 ? ~place : place, values.Length - 1);
            Assert.That(decoded[i], Is.EqualTo(values[above]).Or.EqualTo(values[Math.Max(0, above - 1)]), $"sample {samples[i]}");
        }
    }

    [Test]
    public void A_destination_that_is_too_short_is_refused()
    {
        Assert.That(() => MuLaw.Encode(new short[2], new byte[1]), Throws.ArgumentException);
        Assert.That(() => ALaw.Decode(new byte[2], new short[1]), Throws.ArgumentException);
    }

    private static short[] DecodeAll(string law)
    {
        var samples = new short[256];
        Decode(law)([.. Enumerable.Range(0, 256).Select(b => (byte)b)], samples);
        return samples;
    }

    private static short[] Table(string law) =>
        [.. JsonDocument.Parse(TestData.ReadBytes("vectors/g711.json")).RootElement.GetProperty(law).EnumerateArray().Select(v => v.GetInt16())];

    private static Encoder Encode(string law) => law == "mulaw" ? MuLaw.Encode : ALaw.Encode;

    private static Decoder Decode(string law) => law == "mulaw" ? MuLaw.Decode : ALaw.Decode;
}
