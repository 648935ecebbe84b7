using System.Buffers.Binary;

namespace WebRtcCore.Primitives;

/// <summary>Random values drawn from an <see cref="IRandomSource"/>.</summary>
public static class RandomSourceExtensions
{
    /// <summary>A random 16-bit number.</summary>
    public static ushort NextUInt16(this IRandomSource random) => (ushort)random.NextUInt32();

    /// <summary>A random 32-bit number.</summary>
    public static uint NextUInt32(this IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        random.Fill(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>A random 64-bit number.</summary>
    public static ulong NextUInt64(this IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        random.Fill(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>A number in [0, 1).</summary>
    public static double NextDouble(this IRandomSource random) => (random.NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A string of <paramref name="length"/> characters, each drawn uniformly from <paramref name="alphabet"/>.</summary>
    /// <param name="random">The source.</param>
    /// <param name="alphabet">1 to 256 characters.</param>
    /// <param name="length">The number of characters.</param>
    public static string NextString(this IRandomSource random, ReadOnlySpan<char> alphabet, int length)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfZero(alphabet.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(alphabet.Length, 256);

        // Bytes at or above the largest multiple of the alphabet's length are drawn again: no character is favoured.
        var limit = 256 - (256 % alphabet.Length);
        Span<char> text = length <= 256 ? stackalloc char[length] : new char[length];
        Span<byte> one = stackalloc byte[1];
        for (var i = 0; i < length;)
        {
            random.Fill(one);
            if (one[0] < limit)
            {
                text[i++] = alphabet[one[0] % alphabet.Length];
            }
        }

        return new string(text);
    }
}
