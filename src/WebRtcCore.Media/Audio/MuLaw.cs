using System.Numerics;

namespace WebRtcCore.Media.Audio;

/// <summary>ITU-T G.711 mu-law, RTP payload type 0 (PCMU): 16-bit linear samples to bytes and back.</summary>
public static class MuLaw
{
    private const int Bias = 0x84;
    private const int MaxMagnitude = short.MaxValue - Bias;
    private static readonly short[] Linear = Companding.MakeTable(Expand);

    /// <summary>Encodes each sample into one byte; both spans are borrowed.</summary>
    /// <exception cref="ArgumentException"><paramref name="encoded"/> is shorter than <paramref name="samples"/>.</exception>
    public static void Encode(ReadOnlySpan<short> samples, Span<byte> encoded)
    {
        Companding.ThrowIfShorter(encoded.Length, samples.Length);
        for (var i = 0; i < samples.Length; i++)
        {
            encoded[i] = Encode(samples[i]);
        }
    }

    /// <summary>Decodes each byte into one sample; both spans are borrowed.</summary>
    /// <exception cref="ArgumentException"><paramref name="samples"/> is shorter than <paramref name="encoded"/>.</exception>
    public static void Decode(ReadOnlySpan<byte> encoded, Span<short> samples) => Companding.Decode(Linear, encoded, samples);

    private static byte Encode(short sample)
    {
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs((int)sample), MaxMagnitude) + Bias;

        // The bias puts the highest bit at 7 to 14: its place is the exponent, the four bits below are the mantissa.
        var exponent = BitOperations.Log2((uint)magnitude) - 7;
        var mantissa = (magnitude >> (exponent + 3)) & 0x0F;
        return (byte)~(sign | (exponent << 4) | mantissa);
    }

    private static short Expand(byte encoded)
    {
        var bits = (byte)~encoded;
        var magnitude = ((((bits & 0x0F) << 3) + Bias) << ((bits >> 4) & 0x07)) - Bias;
        return (short)((bits & 0x80) != 0 ? -magnitude : magnitude);
    }
}
