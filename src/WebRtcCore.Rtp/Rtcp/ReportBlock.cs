using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// What a receiver reports about one stream (RFC 3550, 6.4.1).
/// <code>
/// |                             SSRC                              |
/// | fraction lost |       cumulative number of packets lost       |
/// |           extended highest sequence number received           |
/// |                      interarrival jitter                      |
/// |                         last SR (LSR)                         |
/// |                   delay since last SR (DLSR)                  |
/// </code>
/// </summary>
/// <param name="Ssrc">The stream reported on.</param>
/// <param name="FractionLost">The part of packets lost since the last report, in 1/256.</param>
/// <param name="CumulativeLost">Packets lost since the start: -8,388,608 to 8,388,607; negative with duplicates.</param>
/// <param name="ExtendedHighestSequenceNumber">The highest sequence number received, its cycles in the upper half.</param>
/// <param name="JitterTicks">The interarrival jitter in ticks of the clock rate.</param>
/// <param name="LastSenderReport">The middle of the NTP timestamp of the last sender report, or 0.</param>
/// <param name="DelaySinceLastSenderReport">The time since it came in, in 1/65,536 s, or 0.</param>
public readonly record struct ReportBlock(
    Ssrc Ssrc,
    byte FractionLost,
    int CumulativeLost,
    uint ExtendedHighestSequenceNumber,
    uint JitterTicks,
    uint LastSenderReport,
    uint DelaySinceLastSenderReport)
{
    /// <summary>Bytes on the wire.</summary>
    public const int EncodedLength = 24;

    /// <summary>Reads a block from at least <see cref="EncodedLength"/> bytes.</summary>
    internal static ReportBlock Read(ReadOnlySpan<byte> bytes) => new(
        new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        bytes[4],
        BinaryPrimitives.ReadInt32BigEndian(bytes[4..]) << 8 >> 8,
        BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]));

    /// <summary>Writes the block.</summary>
    internal void Write(ref SpanWriter writer)
    {
        writer.WriteUInt32(Ssrc.Value);
        writer.WriteByte(FractionLost);
        writer.WriteUInt24((uint)CumulativeLost);
        writer.WriteUInt32(ExtendedHighestSequenceNumber);
        writer.WriteUInt32(JitterTicks);
        writer.WriteUInt32(LastSenderReport);
        writer.WriteUInt32(DelaySinceLastSenderReport);
    }
}
