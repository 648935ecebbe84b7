namespace WebRtcCore.Rtp.Rtcp;

/// <summary>One answer of a DLRR block (RFC 3611, 4.5).</summary>
/// <param name="Ssrc">The receiver that is answered.</param>
/// <param name="LastReceiverReport">The middle of the NTP timestamp in its last reference time block, or 0.</param>
/// <param name="Delay">The time since that came in, in 1/65,536 s.</param>
public readonly record struct DelaySinceLastReceiverReportEntry(Ssrc Ssrc, uint LastReceiverReport, uint Delay);
