using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// SR: what a sender has sent, and what it reports about others (RFC 3550, 6.4.1). Borrows the datagram.
/// <code>
/// |V=2|P|    RC   |   PT=SR=200   |             length            |
/// |                         SSRC of sender                        |
/// |              NTP timestamp, most significant word             |
/// |             NTP timestamp, least significant word             |
/// |                         RTP timestamp                         |
/// |                     sender's packet count                     |
/// |                      sender's octet count                     |
/// |                        report blocks ...                      |
/// </code>
/// </summary>
public readonly ref struct SenderReport
{
    private const int FixedLength = 24;

    /// <summary>The sender.</summary>
    public Ssrc SenderSsrc { get; init; }

    /// <summary>The wall-clock time of the report.</summary>
    public NtpTimestamp Ntp { get; init; }

    /// <summary>The same moment in the units of the stream's RTP timestamps.</summary>
    public uint RtpTimestampTicks { get; init; }

    /// <summary>Packets sent since the start; wraps around.</summary>
    public uint PacketCount { get; init; }

    /// <summary>Bytes of payload sent since the start; wraps around.</summary>
    public uint OctetCount { get; init; }

    /// <summary>What the sender reports about streams that it receives.</summary>
    public ReportBlocks ReportBlocks { get; init; }

    /// <summary>Reads the report; what follows the report blocks is a profile's and ignored.</summary>
    public static bool TryParse(RtcpPacketView packet, out SenderReport report)
    {
        report = default;
        var body = packet.Body;
        if (packet.Type != RtcpPacketType.SenderReport || body.Length < FixedLength
            || !ReportBlocks.TryTake(body[FixedLength..], packet.Count, out var blocks))
        {
            return false;
        }

        report = new SenderReport
        {
            SenderSsrc = new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(body)),
            Ntp = new NtpTimestamp(BinaryPrimitives.ReadUInt64BigEndian(body[4..])),
            RtpTimestampTicks = BinaryPrimitives.ReadUInt32BigEndian(body[12..]),
            PacketCount = BinaryPrimitives.ReadUInt32BigEndian(body[16..]),
            OctetCount = BinaryPrimitives.ReadUInt32BigEndian(body[20..]),
            ReportBlocks = blocks,
        };
        return true;
    }

    /// <summary>Bytes of a report with <paramref name="blockCount"/> report blocks.</summary>
    public static int GetEncodedLength(int blockCount) => RtcpHeader.Length + FixedLength + (blockCount * ReportBlock.EncodedLength);

    /// <summary>Writes the report with <paramref name="blocks"/>, at most 31, in place of its own.</summary>
    public void Write(ref SpanWriter writer, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        RtcpHeader.Write(ref writer, RtcpPacketType.SenderReport, blocks.Length, GetEncodedLength(blocks.Length));
        writer.WriteUInt32(SenderSsrc.Value);
        writer.WriteUInt64(Ntp.Value);
        writer.WriteUInt32(RtpTimestampTicks);
        writer.WriteUInt32(PacketCount);
        writer.WriteUInt32(OctetCount);
        foreach (var block in blocks)
        {
            block.Write(ref writer);
        }
    }
}
