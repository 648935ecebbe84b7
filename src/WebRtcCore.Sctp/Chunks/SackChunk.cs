using System.Buffers.Binary;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Chunks;

/// <summary>SACK (RFC 9260, 3.3.4), borrowed. The counts have been checked against the chunk's length.</summary>
/// <remarks>
/// <code>
///  |   Type = 3    |  Chunk Flags  |         Chunk Length          |
///  |                      Cumulative TSN Ack                       |
///  |          Advertised Receiver Window Credit (a_rwnd)           |
///  | Number of Gap Ack Blocks = N  |  Number of Duplicate TSNs = M |
///  |    Gap Ack Block #1 Start     |     Gap Ack Block #1 End      |
///  \                              ...                              \
///  |                        Duplicate TSN 1                        |
///  \                              ...                              \
/// </code>
/// </remarks>
internal readonly ref struct SackChunk
{
    /// <summary>The size of the fixed part, chunk header left out.</summary>
    public const int FixedLength = 12;

    /// <summary>The size of a gap block and of a duplicate.</summary>
    public const int EntryLength = 4;

    private readonly ReadOnlySpan<byte> _value;

    private SackChunk(ReadOnlySpan<byte> value) => _value = value;

    /// <summary>Everything up to here has arrived.</summary>
    public Tsn CumulativeTsn => new(BinaryPrimitives.ReadUInt32BigEndian(_value));

    /// <summary>The peer's free buffer in bytes.</summary>
    public uint ReceiverWindow => BinaryPrimitives.ReadUInt32BigEndian(_value[4..]);

    /// <summary>How many gap blocks there are.</summary>
    public int GapCount => BinaryPrimitives.ReadUInt16BigEndian(_value[8..]);

    /// <summary>How many duplicates there are.</summary>
    public int DuplicateCount => BinaryPrimitives.ReadUInt16BigEndian(_value[10..]);

    /// <summary>A gap block: offsets from <see cref="CumulativeTsn"/> of the first and last TSN that have arrived.</summary>
    public (ushort Start, ushort End) GetGap(int index)
    {
        var block = _value[(FixedLength + (index * EntryLength))..];
        return (BinaryPrimitives.ReadUInt16BigEndian(block), BinaryPrimitives.ReadUInt16BigEndian(block[2..]));
    }

    /// <summary>A TSN that has arrived more than once.</summary>
    public Tsn GetDuplicate(int index) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(_value[(FixedLength + ((GapCount + index) * EntryLength))..]));

    /// <summary>Whether the gap blocks are in order, apart, and about none but the <paramref name="reach"/> TSNs after the cumulative one.</summary>
    public bool HasSaneGaps(int reach)
    {
        var previousEnd = 0;
        for (var i = 0; i < GapCount; i++)
        {
            var (start, end) = GetGap(i);
            if (start <= previousEnd || end < start || end > reach)
            {
                return false;
            }

            previousEnd = end;
        }

        return true;
    }

    /// <summary>Reads the chunk.</summary>
    public static bool TryParse(ChunkView chunk, out SackChunk sack)
    {
        sack = default;
        var candidate = new SackChunk(chunk.Value);
        if (chunk.Value.Length < FixedLength
            || chunk.Value.Length != FixedLength + ((candidate.GapCount + candidate.DuplicateCount) * EntryLength))
        {
            return false;
        }

        sack = candidate;
        return true;
    }

    /// <summary>Adds a chunk to a packet and returns the place of its blocks and duplicates; the caller has checked that they fit.</summary>
    public static Span<byte> Write(ref PacketWriter packet, Tsn cumulativeTsn, uint receiverWindow, int gapCount, int duplicateCount)
    {
        var value = packet.AddChunk(ChunkType.Sack, 0, FixedLength + ((gapCount + duplicateCount) * EntryLength));
        BinaryPrimitives.WriteUInt32BigEndian(value, cumulativeTsn.Value);
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], receiverWindow);
        BinaryPrimitives.WriteUInt16BigEndian(value[8..], (ushort)gapCount);
        BinaryPrimitives.WriteUInt16BigEndian(value[10..], (ushort)duplicateCount);
        return value[FixedLength..];
    }
}
