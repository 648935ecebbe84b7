using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// RR: what someone who sends nothing reports about others (RFC 3550, 6.4.2). Borrows the datagram.
/// <code>
/// |V=2|P|    RC   |   PT=RR=201   |             length            |
/// |                     SSRC of packet sender                     |
/// |                        report blocks ...                      |
/// </code>
/// </summary>
public readonly ref struct ReceiverReport
{
    private const int FixedLength = 4;

    /// <summary>Who reports.</summary>
    public Ssrc SenderSsrc { get; init; }

    /// <summary>What is reported.</summary>
    public ReportBlocks ReportBlocks { get; init; }

    /// <summary>Reads the report; what follows the report blocks is a profile's and ignored.</summary>
    public static bool TryParse(RtcpPacketView packet, out ReceiverReport report)
    {
        report = default;
        var body = packet.Body;
        if (packet.Type != RtcpPacketType.ReceiverReport || body.Length < FixedLength
            || !ReportBlocks.TryTake(body[FixedLength..], packet.Count, out var blocks))
        {
            return false;
        }

        report = new ReceiverReport { SenderSsrc = new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(body)), ReportBlocks = blocks };
        return true;
    }

    /// <summary>Bytes of a report with <paramref name="blockCount"/> report blocks.</summary>
    public static int GetEncodedLength(int blockCount) => RtcpHeader.Length + FixedLength + (blockCount * ReportBlock.EncodedLength);

    /// <summary>Writes the report with <paramref name="blocks"/>, at most 31, in place of its own.</summary>
    public void Write(ref SpanWriter writer, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        RtcpHeader.Write(ref writer, RtcpPacketType.ReceiverReport, blocks.Length, GetEncodedLength(blocks.Length));
        writer.WriteUInt32(SenderSsrc.Value);
        foreach (var block in blocks)
        {
            block.Write(ref writer);
        }
    }
}
