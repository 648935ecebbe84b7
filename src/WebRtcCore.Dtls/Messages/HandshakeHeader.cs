using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Messages;

/// <summary>
/// The header in front of every fragment of a handshake message (RFC 6347 4.2.2).
/// <code>
///  0     1         4             6                  9                  12
/// +-----+---------+-------------+------------------+------------------+---------
/// |type | length  | message_seq | fragment_offset  | fragment_length  | fragment
/// +-----+---------+-------------+------------------+------------------+---------
/// </code>
/// </summary>
internal readonly record struct HandshakeHeader(HandshakeType Type, int MessageLength, ushort Sequence, int FragmentOffset, int FragmentLength)
{
    public const int Length = 12;

    /// <summary>Reads a header and its fragment, which must lie within both the input and the message.</summary>
    public static bool TryParse(ref SpanReader reader, out HandshakeHeader header, out ReadOnlySpan<byte> fragment)
    {
        header = default;
        fragment = default;
        if (!reader.TryReadByte(out var type)
            || !reader.TryReadUInt24(out var length)
            || !reader.TryReadUInt16(out var sequence)
            || !reader.TryReadUInt24(out var offset)
            || !reader.TryReadUInt24(out var fragmentLength)
            || offset > length
            || fragmentLength > length - offset
            || !reader.TryReadBytes((int)fragmentLength, out fragment))
        {
            return false;
        }

        header = new HandshakeHeader((HandshakeType)type, (int)length, sequence, (int)offset, (int)fragmentLength);
        return true;
    }

    public void Write(ref SpanWriter writer)
    {
        writer.WriteByte((byte)Type);
        writer.WriteUInt24((uint)MessageLength);
        writer.WriteUInt16(Sequence);
        writer.WriteUInt24((uint)FragmentOffset);
        writer.WriteUInt24((uint)FragmentLength);
    }
}
