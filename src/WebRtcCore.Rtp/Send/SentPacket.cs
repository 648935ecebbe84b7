using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Send;

/// <summary>A packet that was sent.</summary>
/// <param name="Length">Bytes on the wire.</param>
/// <param name="Sent">When.</param>
/// <param name="ProbeCluster">The probe cluster that it was sent for, or 0.</param>
internal readonly record struct SentPacket(int Length, Instant Sent, int ProbeCluster = 0);
