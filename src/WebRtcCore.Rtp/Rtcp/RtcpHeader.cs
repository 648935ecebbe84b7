using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// The header that all RTCP packets share (RFC 3550, 6.4).
/// <code>
/// |V=2|P|  count  |  packet type  |  length in words, less one    |
/// </code>
/// </summary>
internal static class RtcpHeader
{
    public const int Length = 4;
    public const byte PaddingBit = 0x20;
    public const byte CountMask = 0x1F;
    public const int MaxCount = 31;
    public const byte VersionBits = 0x80;

    /// <summary>Writes the header of a packet of <paramref name="packetLength"/> bytes, header and padding included.</summary>
    public static void Write(ref SpanWriter writer, RtcpPacketType type, int count, int packetLength, bool hasPadding = false)
    {
        writer.WriteByte((byte)(VersionBits | (hasPadding ? PaddingBit : 0) | count));
        writer.WriteByte((byte)type);
        writer.WriteUInt16((ushort)((packetLength / sizeof(uint)) - 1));
    }
}
