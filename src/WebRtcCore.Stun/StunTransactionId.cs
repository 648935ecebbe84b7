using System.Buffers.Binary;
using System.Globalization;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>The 96 bits by which a response finds its request (RFC 8489, 5).</summary>
/// <param name="High">The first 32 bits.</param>
/// <param name="Low">The other 64 bits.</param>
public readonly record struct StunTransactionId(uint High, ulong Low)
{
    /// <summary>The number of bytes on the wire.</summary>
    public const int Length = 12;

    /// <summary>Draws a new one.</summary>
    public static StunTransactionId Create(IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> bytes = stackalloc byte[Length];
        random.Fill(bytes);
        return Read(bytes);
    }

    /// <summary>Reads the first 12 bytes of <paramref name="source"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="source"/> is shorter.</exception>
    public static StunTransactionId Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[sizeof(uint)..]));

    /// <summary>Writes 12 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is shorter.</exception>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[sizeof(uint)..], Low);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x8}{Low:x16}");
}
