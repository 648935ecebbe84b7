using WebRtcCore.Rtp;

namespace WebRtcCore;

/// <summary>The SSRCs of one encoding, fixed for its sender's life.</summary>
/// <param name="Media">Of the media.</param>
/// <param name="Retransmission">Of its retransmissions, used where RTX is negotiated.</param>
/// <param name="Repair">Of its repair packets, used where FlexFEC is negotiated.</param>
internal readonly record struct EncodingSsrcs(Ssrc Media, Ssrc Retransmission, Ssrc Repair);
