using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>Between the directions of W3C and those of SDP.</summary>
internal static class Directions
{
    internal static SdpDirection ToSdp(RtpTransceiverDirection direction) => direction switch
    {
        RtpTransceiverDirection.SendRecv => SdpDirection.SendRecv,
        RtpTransceiverDirection.SendOnly => SdpDirection.SendOnly,
        RtpTransceiverDirection.RecvOnly => SdpDirection.RecvOnly,
        RtpTransceiverDirection.Inactive or RtpTransceiverDirection.Stopped => SdpDirection.Inactive,
        _ => throw new ArgumentOutOfRangeException(nameof(direction)),
    };

    internal static RtpTransceiverDirection FromSdp(SdpDirection direction) => direction switch
    {
        SdpDirection.SendRecv => RtpTransceiverDirection.SendRecv,
        SdpDirection.SendOnly => RtpTransceiverDirection.SendOnly,
        SdpDirection.RecvOnly => RtpTransceiverDirection.RecvOnly,
        _ => RtpTransceiverDirection.Inactive,
    };

    internal static bool IsSending(RtpTransceiverDirection? direction) => direction is RtpTransceiverDirection.SendRecv or RtpTransceiverDirection.SendOnly;

    internal static bool IsReceiving(RtpTransceiverDirection? direction) => direction is RtpTransceiverDirection.SendRecv or RtpTransceiverDirection.RecvOnly;

    /// <summary>The direction of an answer: what this side wants and the offer allows (RFC 8829 5.3.1).</summary>
    internal static SdpDirection Intersect(RtpTransceiverDirection wanted, SdpDirection offered) =>
        SdpDirections.From(IsSending(wanted) && offered.IsReceiving(), IsReceiving(wanted) && offered.IsSending());
}
