namespace WebRtcCore.Rtp.Rtcp;

/// <summary>What transport-wide feedback says about one packet.</summary>
/// <param name="SequenceNumber">The packet's transport sequence number.</param>
/// <param name="IsReceived">Whether it arrived.</param>
/// <param name="DeltaTicks">
/// When, in 250 us, after the last packet before it in the feedback that arrived, or after <see cref="TransportFeedback.ReferenceTimeTicks"/>
/// for the first; -32,768 to 32,767. 0 for a packet that did not arrive.
/// </param>
public readonly record struct TransportFeedbackStatus(ushort SequenceNumber, bool IsReceived, short DeltaTicks);
