using System.Buffers;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>AV1's length fields: seven bits a byte, the lowest first (AV1 bitstream, 4.10.5).</summary>
internal static class Leb128
{
    /// <summary>The most bytes that a length takes.</summary>
    public const int MaxLength = 5;

    private const int MaxEncodedLength = 8;

    /// <summary>Bytes of the shortest form of <paramref name="value"/>.</summary>
    public static int GetLength(int value)
    {
        var length = 1;
        while ((value >>= 7) != 0)
        {
            length++;
        }

        return length;
    }

    /// <summary>Reads a length; longer forms than needed are allowed, values above <see cref="int.MaxValue"/> are not.</summary>
    public static bool TryRead(ref SpanReader reader, out int value)
    {
        value = 0;
        long sum = 0;
        for (var i = 0; i < MaxEncodedLength; i++)
        {
            if (!reader.TryReadByte(out var part))
            {
                return false;
            }

            sum |= (long)(part & 0x7F) << (7 * i);
            if ((part & 0x80) == 0)
            {
                value = sum <= int.MaxValue ? (int)sum : 0;
                return sum <= int.MaxValue;
            }
        }

        return false;
    }

    /// <summary>Writes the shortest form.</summary>
    /// <returns>The bytes written.</returns>
    public static int Write(Span<byte> destination, int value)
    {
        var length = 0;
        while (value > 0x7F)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[length++] = (byte)value;
        return length;
    }

    /// <summary>Writes the shortest form.</summary>
    public static void Write(IBufferWriter<byte> writer, int value) => writer.Advance(Write(writer.GetSpan(MaxLength), value));
}
