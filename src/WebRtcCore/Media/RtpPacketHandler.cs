using WebRtcCore.Rtp;

namespace WebRtcCore;

/// <summary>Handles one received RTP packet, already authenticated and decrypted.</summary>
/// <param name="receiver">The receiver it came to.</param>
/// <param name="packet">The packet, <em>lent</em>: valid until the handler returns. Copy what must live longer.</param>
/// <remarks>
/// Called on the connection's loop: it must return soon and must not block. It may send, through <see cref="RtpSender.SendRtp(ReadOnlySpan{byte})"/> or a data channel.
/// An exception is logged and does no other harm.
/// </remarks>
public delegate void RtpPacketHandler(RtpReceiver receiver, in RtpPacketView packet);
