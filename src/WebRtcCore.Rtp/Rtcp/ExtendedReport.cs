using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// XR: blocks of further reports (RFC 3611, 2), for <see langword="foreach"/>; unknown ones included. Borrows the datagram.
/// <code>
/// |V=2|P|reserved |   PT=XR=207   |             length            |
/// |                              SSRC                             |
/// :                         report blocks                         :
/// </code>
/// </summary>
public readonly ref struct ExtendedReport
{
    private const int FixedLength = 4;
    private readonly ReadOnlySpan<byte> _blocks;

    private ExtendedReport(Ssrc senderSsrc, ReadOnlySpan<byte> blocks)
    {
        SenderSsrc = senderSsrc;
        _blocks = blocks;
    }

    /// <summary>Who reports.</summary>
    public Ssrc SenderSsrc { get; }

    /// <summary>Checks that the packet consists of whole blocks.</summary>
    public static bool TryParse(RtcpPacketView packet, out ExtendedReport report)
    {
        report = default;
        var body = packet.Body;
        if (packet.Type != RtcpPacketType.ExtendedReport || body.Length < FixedLength)
        {
            return false;
        }

        var rest = body[FixedLength..];
        while (rest.Length > 0)
        {
            if (!TryTakeBlock(ref rest, out _))
            {
                return false;
            }
        }

        report = new ExtendedReport(new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(body)), body[FixedLength..]);
        return true;
    }

    /// <summary>Bytes of a packet whose blocks have <paramref name="blocksLength"/> bytes together.</summary>
    public static int GetEncodedLength(int blocksLength) => RtcpHeader.Length + FixedLength + blocksLength;

    /// <summary>Writes the part before the blocks; <paramref name="blocksLength"/> bytes of blocks follow.</summary>
    public static void WriteHeader(ref SpanWriter writer, Ssrc sender, int blocksLength)
    {
        RtcpHeader.Write(ref writer, RtcpPacketType.ExtendedReport, 0, GetEncodedLength(blocksLength));
        writer.WriteUInt32(sender.Value);
    }

    /// <summary>Starts at the first block.</summary>
    public Enumerator GetEnumerator() => new(_blocks);

    private static bool TryTakeBlock(scoped ref ReadOnlySpan<byte> rest, out ExtendedReportBlock block)
    {
        block = default;
        if (rest.Length < ExtendedReportBlock.HeaderLength)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) * sizeof(uint);
        if (length > rest.Length - ExtendedReportBlock.HeaderLength)
        {
            return false;
        }

        block = new ExtendedReportBlock(rest[0], rest[1], rest.Slice(ExtendedReportBlock.HeaderLength, length));
        rest = rest[(ExtendedReportBlock.HeaderLength + length)..];
        return true;
    }

    /// <summary>Walks over the blocks.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private ExtendedReportBlock _current;

        internal Enumerator(ReadOnlySpan<byte> blocks) => _rest = blocks;

        /// <summary>The block that the last <see cref="MoveNext"/> came to.</summary>
        public readonly ExtendedReportBlock Current => _current;

        /// <summary>Goes to the next block.</summary>
        public bool MoveNext() => TryTakeBlock(ref _rest, out _current);
    }
}
