using System.Buffers.Binary;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Chunks;

/// <summary>FORWARD TSN (RFC 3758, 3.2), borrowed: the receiver moves on without what the sender has given up.</summary>
/// <remarks>
/// <code>
///  |   Type = 192  |  Flags = 0x00 |        Length = Variable      |
///  |                      New Cumulative TSN                       |
///  |         Stream-1              |       Stream Sequence-1       |
///  \                              ...                              \
/// </code>
/// </remarks>
internal readonly ref struct ForwardTsnChunk
{
    /// <summary>The size of the fixed part, chunk header left out.</summary>
    public const int FixedLength = 4;

    /// <summary>The size of an entry.</summary>
    public const int EntryLength = 4;

    private readonly ReadOnlySpan<byte> _value;

    private ForwardTsnChunk(ReadOnlySpan<byte> value) => _value = value;

    /// <summary>Everything up to here has arrived or will not.</summary>
    public Tsn NewCumulativeTsn => new(BinaryPrimitives.ReadUInt32BigEndian(_value));

    /// <summary>How many streams are listed.</summary>
    public int StreamCount => (_value.Length - FixedLength) / EntryLength;

    /// <summary>An ordered stream and the largest sequence number given up on it.</summary>
    public SkippedMessages GetStream(int index)
    {
        var entry = _value[(FixedLength + (index * EntryLength))..];
        return new SkippedMessages(BinaryPrimitives.ReadUInt16BigEndian(entry), IsUnordered: false, BinaryPrimitives.ReadUInt16BigEndian(entry[2..]));
    }

    /// <summary>Reads the chunk.</summary>
    public static bool TryParse(ChunkView chunk, out ForwardTsnChunk forwardTsn)
    {
        forwardTsn = default;
        if (chunk.Value.Length < FixedLength || (chunk.Value.Length - FixedLength) % EntryLength != 0)
        {
            return false;
        }

        forwardTsn = new ForwardTsnChunk(chunk.Value);
        return true;
    }

    /// <summary>Adds the chunk to a packet.</summary>
    public static void Write(ref PacketWriter packet, Tsn newCumulativeTsn, scoped ReadOnlySpan<SkippedMessages> streams)
    {
        var value = packet.AddChunk(ChunkType.ForwardTsn, 0, FixedLength + (streams.Length * EntryLength));
        BinaryPrimitives.WriteUInt32BigEndian(value, newCumulativeTsn.Value);
        foreach (var skipped in streams)
        {
            value = value[EntryLength..];
            BinaryPrimitives.WriteUInt16BigEndian(value, skipped.StreamId);
            BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)skipped.LastMessageId);
        }
    }
}
