using System.Buffers.Binary;

namespace WebRtcCore.Primitives;

/// <summary>
/// Writes big-endian fields into a borrowed span whose size the caller has checked (<c>EncodedLength</c>).
/// Writing past the end is a programming error and throws <see cref="ArgumentOutOfRangeException"/>.
/// </summary>
public ref struct SpanWriter
{
    private readonly Span<byte> _span;
    private int _position;

    /// <summary>Starts writing at the beginning of <paramref name="span"/>, which is borrowed.</summary>
    public SpanWriter(Span<byte> span) => _span = span;

    /// <summary>Bytes written so far.</summary>
    public readonly int Position => _position;

    /// <summary>Room left.</summary>
    public readonly int Remaining => _span.Length - _position;

    /// <summary>What has been written so far.</summary>
    public readonly Span<byte> Written => _span[.._position];

    /// <summary>Writes one byte.</summary>
    public void WriteByte(byte value)
    {
        _span[_position] = value;
        _position++;
    }

    /// <summary>Writes a 16-bit number.</summary>
    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_span[_position..], value);
        _position += sizeof(ushort);
    }

    /// <summary>Writes a 24-bit number; the upper byte of <paramref name="value"/> is ignored.</summary>
    public void WriteUInt24(uint value)
    {
        var destination = _span.Slice(_position, 3);
        destination[0] = (byte)(value >> 16);
        destination[1] = (byte)(value >> 8);
        destination[2] = (byte)value;
        _position += 3;
    }

    /// <summary>Writes a 32-bit number.</summary>
    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_span[_position..], value);
        _position += sizeof(uint);
    }

    /// <summary>Writes a 48-bit number; the upper 16 bits of <paramref name="value"/> are ignored.</summary>
    public void WriteUInt48(ulong value)
    {
        WriteUInt16((ushort)(value >> 32));
        WriteUInt32((uint)value);
    }

    /// <summary>Writes a 64-bit number.</summary>
    public void WriteUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_span[_position..], value);
        _position += sizeof(ulong);
    }

    /// <summary>Writes <paramref name="bytes"/> as they are.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_span[_position..]);
        _position += bytes.Length;
    }

    /// <summary>Writes <paramref name="count"/> zero bytes.</summary>
    public void WriteZeros(int count)
    {
        _span.Slice(_position, count).Clear();
        _position += count;
    }

    /// <summary>Reserves <paramref name="count"/> bytes to be filled in later and returns them; their content is whatever was there.</summary>
    public Span<byte> Reserve(int count)
    {
        var reserved = _span.Slice(_position, count);
        _position += count;
        return reserved;
    }
}
