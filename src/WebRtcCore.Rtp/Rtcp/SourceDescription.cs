using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// SDES: texts about streams, above all the canonical name (RFC 3550, 6.5). Its items can be walked with <see langword="foreach"/>.
/// Borrows the datagram.
/// <code>
/// |V=2|P|    SC   |  PT=SDES=202  |             length            |
/// |                            SSRC                               |  per chunk:
/// | type | length | value ...    | type | length | value ... | 0 ..|  items, then 1 to 4 zero bytes up to a whole word
/// </code>
/// </summary>
public readonly ref struct SourceDescription
{
    private const int ItemHeaderLength = 2;
    private readonly ReadOnlySpan<byte> _chunks;

    private SourceDescription(ReadOnlySpan<byte> chunks) => _chunks = chunks;

    /// <summary>Checks all chunks and items.</summary>
    public static bool TryParse(RtcpPacketView packet, out SourceDescription description)
    {
        description = default;
        if (packet.Type != RtcpPacketType.SourceDescription)
        {
            return false;
        }

        var rest = packet.Body;
        for (var i = 0; i < packet.Count; i++)
        {
            if (!TryMeasureChunk(rest, out var length))
            {
                return false;
            }

            rest = rest[length..];
        }

        description = new SourceDescription(packet.Body[..^rest.Length]);
        return true;
    }

    /// <summary>Bytes of a packet that names one stream with <paramref name="valueLength"/> bytes.</summary>
    public static int GetEncodedLength(int valueLength) =>
        RtcpHeader.Length + sizeof(uint) + ItemHeaderLength + valueLength + TerminatorLength(ItemHeaderLength + valueLength);

    /// <summary>Writes a packet with one chunk of one item.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="ssrc">The stream described.</param>
    /// <param name="type">What the value is.</param>
    /// <param name="value">At most 255 bytes.</param>
    public static void Write(ref SpanWriter writer, Ssrc ssrc, SourceDescriptionItemType type, scoped ReadOnlySpan<byte> value)
    {
        RtcpHeader.Write(ref writer, RtcpPacketType.SourceDescription, 1, GetEncodedLength(value.Length));
        writer.WriteUInt32(ssrc.Value);
        writer.WriteByte((byte)type);
        writer.WriteByte((byte)value.Length);
        writer.WriteBytes(value);
        writer.WriteZeros(TerminatorLength(ItemHeaderLength + value.Length));
    }

    /// <summary>Starts at the first item of the first chunk.</summary>
    public Enumerator GetEnumerator() => new(_chunks);

    // RFC 3550 6.5: the items end with one zero byte at least, and the chunk with a whole word.
    private static int TerminatorLength(int itemsLength) => sizeof(uint) - (itemsLength % sizeof(uint));

    private static bool TryMeasureChunk(ReadOnlySpan<byte> bytes, out int length)
    {
        length = sizeof(uint);
        while (length < bytes.Length && bytes[length] != 0)
        {
            if (bytes.Length - length < ItemHeaderLength || bytes[length + 1] > bytes.Length - length - ItemHeaderLength)
            {
                return false;
            }

            length += ItemHeaderLength + bytes[length + 1];
        }

        // At a whole word already: the terminating zero takes a word of its own.
        length = (length & ~(sizeof(uint) - 1)) + sizeof(uint);
        return length <= bytes.Length;
    }

    /// <summary>Walks over the items of all chunks.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private int _position;
        private Ssrc _ssrc;
        private bool _isInChunk;
        private SourceDescriptionItem _current;

        internal Enumerator(ReadOnlySpan<byte> bytes) => _bytes = bytes;

        /// <summary>The item that the last <see cref="MoveNext"/> came to.</summary>
        public readonly SourceDescriptionItem Current => _current;

        /// <summary>Goes to the next item.</summary>
        public bool MoveNext()
        {
            while (_position < _bytes.Length)
            {
                if (!_isInChunk)
                {
                    _ssrc = new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(_bytes[_position..]));
                    _position += sizeof(uint);
                    _isInChunk = true;
                }

                var type = _bytes[_position];
                if (type != 0)
                {
                    var length = _bytes[_position + 1];
                    _current = new SourceDescriptionItem(_ssrc, (SourceDescriptionItemType)type, _bytes.Slice(_position + ItemHeaderLength, length));
                    _position += ItemHeaderLength + length;
                    return true;
                }

                _position = (_position & ~(sizeof(uint) - 1)) + sizeof(uint);
                _isInChunk = false;
            }

            return false;
        }
    }
}
