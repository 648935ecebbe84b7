using System.Numerics;

namespace WebRtcCore.Media.Audio;

/// <summary>ITU-T G.711 A-law, RTP payload type 8 (PCMA): 16-bit linear samples to bytes and back.</summary>
public static class ALaw
{
    // Every second bit is inverted on the wire.
    private const int EvenBits = 0x55;
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
        // 13 bits; a negative value is the complement, so that -1 mirrors 0.
        var sign = sample < 0 ? 0 : 0x80;
        var magnitude = (sample < 0 ? ~sample : sample) >> 3;
        var exponent = Math.Max(0, BitOperations.Log2((uint)magnitude | 1) - 4);
        var mantissa = (magnitude >> Math.Max(1, exponent)) & 0x0F;
        return (byte)((sign | (exponent << 4) | mantissa) ^ EvenBits);
    }

    private static short Expand(byte encoded)
    {
        var bits = encoded ^ EvenBits;
        var exponent = (bits >> 4) & 0x07;
        var magnitude = ((bits & 0x0F) << 4) + 8;
        if (exponent > 0)
        {
            magnitude = (magnitude + 0x100) << (exponent - 1);
        }

        return (short)((bits & 0x80) != 0 ? magnitude : -magnitude);
    }
}
