namespace WebRtcCore.Rtp;

/// <summary>One packet that the session has written into the buffer it was handed, not yet encrypted.</summary>
/// <param name="Length">Bytes written, from the start of the buffer.</param>
/// <param name="IsRtcp">Whether it is RTCP (to be protected as SRTCP) or a retransmitted RTP packet.</param>
public readonly record struct RtpTransmit(int Length, bool IsRtcp);
