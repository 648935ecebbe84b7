using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>DLRR: the answers to reference time blocks (RFC 3611, 4.5). Borrows the datagram.</summary>
public readonly ref struct DelaySinceLastReceiverReport
{
    private const int EntryLength = 12;
    private readonly ReadOnlySpan<byte> _entries;

    private DelaySinceLastReceiverReport(ReadOnlySpan<byte> entries) => _entries = entries;

    /// <summary>How many receivers are answered.</summary>
    public int Count => _entries.Length / EntryLength;

    /// <summary>One of the answers.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public DelaySinceLastReceiverReportEntry this[int index]
    {
        get
        {
            var entry = _entries.Slice(index * EntryLength, EntryLength);
            return new DelaySinceLastReceiverReportEntry(
                new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(entry)),
                BinaryPrimitives.ReadUInt32BigEndian(entry[4..]),
                BinaryPrimitives.ReadUInt32BigEndian(entry[8..]));
        }
    }

    /// <summary>Reads the block.</summary>
    public static bool TryParse(ExtendedReportBlock block, out DelaySinceLastReceiverReport report)
    {
        if (block.Type != ExtendedReportBlock.DelaySinceLastReceiverReportType || block.Contents.Length % EntryLength != 0)
        {
            report = default;
            return false;
        }

        report = new DelaySinceLastReceiverReport(block.Contents);
        return true;
    }

    /// <summary>Bytes of a block with <paramref name="count"/> answers, with its header.</summary>
    public static int GetEncodedLength(int count) => ExtendedReportBlock.HeaderLength + (count * EntryLength);

    /// <summary>Writes a block.</summary>
    public static void Write(ref SpanWriter writer, scoped ReadOnlySpan<DelaySinceLastReceiverReportEntry> entries)
    {
        writer.WriteByte(ExtendedReportBlock.DelaySinceLastReceiverReportType);
        writer.WriteByte(0);
        writer.WriteUInt16((ushort)(entries.Length * EntryLength / sizeof(uint)));
        foreach (var entry in entries)
        {
            writer.WriteUInt32(entry.Ssrc.Value);
            writer.WriteUInt32(entry.LastReceiverReport);
            writer.WriteUInt32(entry.Delay);
        }
    }
}
