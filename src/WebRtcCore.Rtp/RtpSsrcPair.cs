namespace WebRtcCore.Rtp;

/// <summary>A stream that the peer has announced in its SDP (<c>a=ssrc</c>, <c>a=ssrc-group:FID</c>).</summary>
/// <param name="Media">The stream of original packets.</param>
/// <param name="Retransmission">The stream of its retransmissions, if there is one.</param>
public readonly record struct RtpSsrcPair(Ssrc Media, Ssrc? Retransmission = null);
