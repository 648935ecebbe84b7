using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>RRTR: the time at a receiver that sends nothing, so that it can measure the round trip (RFC 3611, 4.4).</summary>
/// <param name="Ntp">The wall-clock time of sending.</param>
public readonly record struct ReceiverReferenceTime(NtpTimestamp Ntp)
{
    /// <summary>Bytes of the block, with its header.</summary>
    public const int EncodedLength = ExtendedReportBlock.HeaderLength + sizeof(ulong);

    /// <summary>Reads the block.</summary>
    public static bool TryParse(ExtendedReportBlock block, out ReceiverReferenceTime time)
    {
        if (block.Type != ExtendedReportBlock.ReceiverReferenceTimeType || block.Contents.Length != sizeof(ulong))
        {
            time = default;
            return false;
        }

        time = new ReceiverReferenceTime(new NtpTimestamp(BinaryPrimitives.ReadUInt64BigEndian(block.Contents)));
        return true;
    }

    /// <summary>Writes the block.</summary>
    public void Write(ref SpanWriter writer)
    {
        writer.WriteByte(ExtendedReportBlock.ReceiverReferenceTimeType);
        writer.WriteByte(0);
        writer.WriteUInt16(sizeof(ulong) / sizeof(uint));
        writer.WriteUInt64(Ntp.Value);
    }
}
