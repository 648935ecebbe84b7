using System.Buffers.Binary;

namespace WebRtcCore.Primitives;

/// <summary>
/// Reads big-endian fields from a borrowed span. Every read is a <c>Try</c>: on shortage it answers <see langword="false"/>,
/// gives default values and leaves the position where it was. It never throws.
/// </summary>
public ref struct SpanReader
{
    private readonly ReadOnlySpan<byte> _span;
    private int _position;

    /// <summary>Starts reading at the beginning of <paramref name="span"/>, which is borrowed.</summary>
    public SpanReader(ReadOnlySpan<byte> span) => _span = span;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes not yet read.</summary>
    public readonly int Remaining => _span.Length - _position;

    /// <summary>Whether everything has been read.</summary>
    public readonly bool IsAtEnd => _position == _span.Length;

    /// <summary>The bytes not yet read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _span[_position..];

    /// <summary>Reads one byte.</summary>
    public bool TryReadByte(out byte value)
    {
        if (Remaining < 1)
        {
            value = 0;
            return false;
        }

        value = _span[_position++];
        return true;
    }

    /// <summary>Reads a 16-bit number.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(Rest, out value))
        {
            return false;
        }

        _position += sizeof(ushort);
        return true;
    }

    /// <summary>Reads a 24-bit number.</summary>
    public bool TryReadUInt24(out uint value)
    {
        if (Remaining < 3)
        {
            value = 0;
            return false;
        }

        value = ((uint)_span[_position] << 16) | ((uint)_span[_position + 1] << 8) | _span[_position + 2];
        _position += 3;
        return true;
    }

    /// <summary>Reads a 32-bit number.</summary>
    public bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(Rest, out value))
        {
            return false;
        }

        _position += sizeof(uint);
        return true;
    }

    /// <summary>Reads a 48-bit number.</summary>
    public bool TryReadUInt48(out ulong value)
    {
        if (Remaining < 6)
        {
            value = 0;
            return false;
        }

        var rest = Rest;
        value = ((ulong)BinaryPrimitives.ReadUInt16BigEndian(rest) << 32) | BinaryPrimitives.ReadUInt32BigEndian(rest[2..]);
        _position += 6;
        return true;
    }

    /// <summary>Reads a 64-bit number.</summary>
    public bool TryReadUInt64(out ulong value)
    {
        if (!BinaryPrimitives.TryReadUInt64BigEndian(Rest, out value))
        {
            return false;
        }

        _position += sizeof(ulong);
        return true;
    }

    /// <summary>Reads <paramref name="length"/> bytes as a borrowed slice.</summary>
    public bool TryReadBytes(int length, out ReadOnlySpan<byte> bytes)
    {
        if (length < 0 || length > Remaining)
        {
            bytes = default;
            return false;
        }

        bytes = _span.Slice(_position, length);
        _position += length;
        return true;
    }

    /// <summary>Reads bytes preceded by their 8-bit length (a TLS vector).</summary>
    public bool TryReadVector8(out ReadOnlySpan<byte> bytes)
    {
        var start = _position;
        if (TryReadByte(out var length) && TryReadBytes(length, out bytes))
        {
            return true;
        }

        _position = start;
        bytes = default;
        return false;
    }

    /// <summary>Reads bytes preceded by their 16-bit length (a TLS vector).</summary>
    public bool TryReadVector16(out ReadOnlySpan<byte> bytes)
    {
        var start = _position;
        if (TryReadUInt16(out var length) && TryReadBytes(length, out bytes))
        {
            return true;
        }

        _position = start;
        bytes = default;
        return false;
    }

    /// <summary>Reads bytes preceded by their 24-bit length (a TLS vector).</summary>
    public bool TryReadVector24(out ReadOnlySpan<byte> bytes)
    {
        var start = _position;
        if (TryReadUInt24(out var length) && TryReadBytes((int)length, out bytes))
        {
            return true;
        }

        _position = start;
        bytes = default;
        return false;
    }

    /// <summary>Skips <paramref name="length"/> bytes.</summary>
    public bool TrySkip(int length) => TryReadBytes(length, out _);
}
