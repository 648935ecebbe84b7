using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Receive;

/// <summary>What an SSRC that comes in is: a stream itself, or the retransmissions of one.</summary>
internal sealed class RtpSource(Ssrc ssrc, ReceiverState receiver, RtpReceiveStream stream, bool isRetransmission)
{
    public Ssrc Ssrc { get; } = ssrc;

    public ReceiverState Receiver { get; set; } = receiver;

    /// <summary>The stream that the packets end up in.</summary>
    public RtpReceiveStream Stream { get; } = stream;

    public bool IsRetransmission { get; } = isRetransmission;

    public Instant LastActive { get; set; }
}
