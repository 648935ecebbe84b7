using System.Buffers.Binary;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Chunks;

/// <summary>I-FORWARD-TSN (RFC 8260, 2.3.1), borrowed: what FORWARD TSN is to DATA this is to I-DATA.</summary>
/// <remarks>
/// <code>
///  |   Type = 194  | Flags = 0x00  |      Length = Variable        |
///  |                       New Cumulative TSN                      |
///  |       Stream Identifier       |          Reserved           |U|
///  |                       Message Identifier                      |
///  \                              ...                              \
/// </code>
/// </remarks>
internal readonly ref struct InterleavedForwardTsnChunk
{
    /// <summary>The size of the fixed part, chunk header left out.</summary>
    public const int FixedLength = 4;

    /// <summary>The size of an entry.</summary>
    public const int EntryLength = 8;

    private const ushort UnorderedBit = 0x0001;
    private readonly ReadOnlySpan<byte> _value;

    private InterleavedForwardTsnChunk(ReadOnlySpan<byte> value) => _value = value;

    /// <summary>Everything up to here has arrived or will not.</summary>
    public Tsn NewCumulativeTsn => new(BinaryPrimitives.ReadUInt32BigEndian(_value));

    /// <summary>How many entries there are.</summary>
    public int StreamCount => (_value.Length - FixedLength) / EntryLength;

    /// <summary>A stream and the last message of one kind given up on it.</summary>
    public SkippedMessages GetStream(int index)
    {
        var entry = _value[(FixedLength + (index * EntryLength))..];
        var isUnordered = (BinaryPrimitives.ReadUInt16BigEndian(entry[2..]) & UnorderedBit) != 0;
        return new SkippedMessages(BinaryPrimitives.ReadUInt16BigEndian(entry), isUnordered, BinaryPrimitives.ReadUInt32BigEndian(entry[4..]));
    }

    /// <summary>Reads the chunk.</summary>
    public static bool TryParse(ChunkView chunk, out InterleavedForwardTsnChunk forwardTsn)
    {
        forwardTsn = default;
        if (chunk.Value.Length < FixedLength || (chunk.Value.Length - FixedLength) % EntryLength != 0)
        {
            return false;
        }

        forwardTsn = new InterleavedForwardTsnChunk(chunk.Value);
        return true;
    }

    /// <summary>Adds the chunk to a packet.</summary>
    public static void Write(ref PacketWriter packet, Tsn newCumulativeTsn, scoped ReadOnlySpan<SkippedMessages> streams)
    {
        var value = packet.AddChunk(ChunkType.InterleavedForwardTsn, 0, FixedLength + (streams.Length * EntryLength));
        BinaryPrimitives.WriteUInt32BigEndian(value, newCumulativeTsn.Value);
        value = value[FixedLength..];
        foreach (var skipped in streams)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value, skipped.StreamId);
            BinaryPrimitives.WriteUInt16BigEndian(value[2..], skipped.IsUnordered ? UnorderedBit : (ushort)0);
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], skipped.LastMessageId);
            value = value[EntryLength..];
        }
    }
}
