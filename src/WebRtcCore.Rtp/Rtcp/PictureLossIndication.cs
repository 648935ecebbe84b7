using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>PLI: the decoder has lost a picture and needs a key frame (RFC 4585, 6.3.1). There is no information besides the SSRCs.</summary>
/// <param name="SenderSsrc">Who asks.</param>
/// <param name="MediaSsrc">The stream that is asked for.</param>
public readonly record struct PictureLossIndication(Ssrc SenderSsrc, Ssrc MediaSsrc)
{
    /// <summary>Bytes of the packet.</summary>
    public const int EncodedLength = RtcpFeedback.HeaderLength;

    /// <summary>Reads the packet.</summary>
    public static bool TryParse(RtcpPacketView packet, out PictureLossIndication indication)
    {
        if (!RtcpFeedback.TryParse(
                packet, RtcpPacketType.PayloadSpecificFeedback, RtcpFeedback.PictureLossFormat, out var sender, out var media, out _))
        {
            indication = default;
            return false;
        }

        indication = new PictureLossIndication(sender, media);
        return true;
    }

    /// <summary>Writes the packet.</summary>
    public void Write(ref SpanWriter writer) => RtcpFeedback.Write(
        ref writer, RtcpPacketType.PayloadSpecificFeedback, RtcpFeedback.PictureLossFormat, SenderSsrc, MediaSsrc, EncodedLength);
}
