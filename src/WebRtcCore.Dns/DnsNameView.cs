using System.Buffers.Binary;

namespace WebRtcCore.Dns;

/// <summary>
/// A name in a DNS message, which is borrowed: labels, perhaps ended by a pointer to an earlier name (RFC 1035, 4.1.4).
/// Only a name that <see cref="TryRead"/> has walked to its end exists, so that walking it again cannot fail or go on for ever.
/// </summary>
internal readonly ref struct DnsNameView
{
    /// <summary>No more pointers than this are followed: as many as a real name can have labels worth sharing.</summary>
    public const int MaxPointers = 64;

    private const byte PointerMark = 0xC0;
    private const ushort PointerMask = 0x3FFF;
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _offset;

    private DnsNameView(ReadOnlySpan<byte> message, int offset)
    {
        _message = message;
        _offset = offset;
    }

    /// <summary>Whether this is the root, the name without labels.</summary>
    public bool IsRoot => _message.IsEmpty || _message[_offset] == 0;

    /// <summary>Reads the name at <paramref name="offset"/>.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="offset">Where the name begins.</param>
    /// <param name="name">The name.</param>
    /// <param name="end">Where what follows the name begins.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, int offset, out DnsNameView name, out int end)
    {
        name = default;
        end = 0;
        var (position, length, after, pointers) = (offset, 1, 0, 0);

        // Each pointer leads in front of the run of labels that it ends, so the walk comes to its end.
        var runStart = offset;
        while (position >= 0 && position < message.Length)
        {
            var first = message[position];
            if (first == 0)
            {
                name = new DnsNameView(message, offset);
                end = after == 0 ? position + 1 : after;
                return true;
            }

            if (first >= PointerMark)
            {
                if (message.Length - position < 2 || ++pointers > MaxPointers)
                {
                    return false;
                }

                var target = BinaryPrimitives.ReadUInt16BigEndian(message[position..]) & PointerMask;
                if (target >= runStart || target < DnsFormat.HeaderLength)
                {
                    return false;
                }

                after = after == 0 ? position + 2 : after;
                position = runStart = target;
                continue;
            }

            length += first + 1;
            if (first > DnsFormat.MaxLabelLength || length > DnsFormat.MaxNameLength)
            {
                return false;
            }

            position += first + 1;
        }

        return false;
    }

    /// <summary>Writes the name as text, without a dot at its end.</summary>
    /// <param name="destination">255 characters are enough for any name.</param>
    /// <param name="length">How many were written.</param>
    /// <returns>False if a label holds a dot or anything that is not printable ASCII: no name of a host or a service looked up here does.</returns>
    public bool TryFormat(Span<char> destination, out int length)
    {
        length = 0;
        if (_message.IsEmpty)
        {
            return true;
        }

        var written = 0;
        for (var position = _offset; _message[position] != 0;)
        {
            var first = _message[position];
            if (first >= PointerMark)
            {
                position = BinaryPrimitives.ReadUInt16BigEndian(_message[position..]) & PointerMask;
                continue;
            }

            if (destination.Length - written < first + 1)
            {
                return false;
            }

            if (written > 0)
            {
                destination[written++] = '.';
            }

            foreach (var b in _message.Slice(position + 1, first))
            {
                if (b is < (byte)'!' or > (byte)'~' or (byte)'.')
                {
                    return false;
                }

                destination[written++] = (char)b;
            }

            position += first + 1;
        }

        length = written;
        return true;
    }

    /// <summary>Whether the name is this one, whatever the case of its letters.</summary>
    public bool Is(ReadOnlySpan<char> name)
    {
        Span<char> text = stackalloc char[DnsFormat.MaxNameLength];
        return TryFormat(text, out var length) && name.TrimEnd('.').Equals(text[..length], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The text, or <see langword="null"/> where <see cref="TryFormat"/> has none.</summary>
    public override string? ToString()
    {
        Span<char> text = stackalloc char[DnsFormat.MaxNameLength];
        return TryFormat(text, out var length) ? text[..length].ToString() : null;
    }
}
