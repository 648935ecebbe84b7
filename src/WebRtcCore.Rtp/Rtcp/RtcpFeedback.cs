using System.Buffers.Binary;
using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// What all feedback packets share (RFC 4585, 6.1).
/// <code>
/// |V=2|P|   FMT   |       PT      |          length               |
/// |                  SSRC of packet sender                        |
/// |                  SSRC of media source                         |
/// :            feedback control information (FCI)                 :
/// </code>
/// </summary>
internal static class RtcpFeedback
{
    /// <summary>Bytes of header and both SSRCs.</summary>
    public const int HeaderLength = RtcpHeader.Length + FixedLength;

    public const int GenericNackFormat = 1;
    public const int CongestionFeedbackFormat = 11;
    public const int TransportFeedbackFormat = 15;
    public const int PictureLossFormat = 1;
    public const int FullIntraFormat = 4;
    public const int ApplicationLayerFormat = 15;

    private const int FixedLength = 8;

    public static bool TryParse(
        RtcpPacketView packet, RtcpPacketType type, int format, out Ssrc sender, out Ssrc media, out ReadOnlySpan<byte> information)
    {
        sender = default;
        media = default;
        information = default;
        var body = packet.Body;
        if (packet.Type != type || packet.Count != format || body.Length < FixedLength)
        {
            return false;
        }

        sender = new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(body));
        media = new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(body[4..]));
        information = body[FixedLength..];
        return true;
    }

    public static void Write(
        ref SpanWriter writer, RtcpPacketType type, int format, Ssrc sender, Ssrc media, int packetLength, bool hasPadding = false)
    {
        RtcpHeader.Write(ref writer, type, format, packetLength, hasPadding);
        writer.WriteUInt32(sender.Value);
        writer.WriteUInt32(media.Value);
    }
}
