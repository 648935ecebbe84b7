using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Send;

/// <summary>A packet that was sent.</summary>
/// <param name="Length">Bytes of the RTP packet.</param>
/// <param name="Sent">When.</param>
internal readonly record struct SentPacket(int Length, Instant Sent);
