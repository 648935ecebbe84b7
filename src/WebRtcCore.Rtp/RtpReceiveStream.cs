using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Receive;

namespace WebRtcCore.Rtp;

/// <summary>One stream that an <see cref="RtpSession"/> receives: an SSRC, with the retransmissions that belong to it.</summary>
public sealed class RtpReceiveStream
{
    private readonly ReceiveStatistics _statistics = new();
    private readonly KeyFrameRequester _keyFrames;
    private ReceiverState _receiver;

    internal RtpReceiveStream(Ssrc ssrc, ReceiverState receiver, RtpSessionOptions options)
    {
        Ssrc = ssrc;
        _receiver = receiver;
        _keyFrames = new KeyFrameRequester(options.KeyFrameRequestInterval);
    }

    /// <summary>The stream's SSRC.</summary>
    public Ssrc Ssrc { get; }

    /// <summary>The receiver that the stream belongs to.</summary>
    public RtpReceiverOptions Receiver => _receiver.Options;

    /// <summary>The payload type of the last packet; <see langword="null"/> before the first.</summary>
    public PayloadType? LastPayloadType { get; private set; }

    /// <summary>The simulcast identifier, once known.</summary>
    public string? Rid { get; internal set; }

    internal ReceiverState State
    {
        get => _receiver;
        set => _receiver = value;
    }

    internal ReceiveStatistics Statistics => _statistics;

    internal KeyFrameRequester KeyFrames => _keyFrames;

    internal NackGenerator? Nacks { get; private set; }

    /// <summary>The figures up to now.</summary>
    public RtpReceiveStreamStats GetStats() => _statistics.ToStats() with
    {
        NackCount = Nacks?.PacketsSent ?? 0,
        PliCount = _keyFrames.PliCount,
        FirCount = _keyFrames.FirCount,
    };

    /// <summary>Takes a packet of the stream into account.</summary>
    /// <returns><see langword="false"/> if it is a duplicate or too old.</returns>
    internal bool TryAccept(RtpPacketView packet, RtpPayloadFormat format, bool isRetransmission, Instant now, out long extendedSequenceNumber)
    {
        if (!_statistics.TryAccept(packet, format.ClockRate, isRetransmission, now, out extendedSequenceNumber))
        {
            return false;
        }

        LastPayloadType = format.PayloadType;
        if ((format.Feedback & RtcpFeedbackKinds.Nack) != 0)
        {
            Nacks ??= new NackGenerator();
            Nacks.OnPacket(extendedSequenceNumber, now);
            if (Nacks.TakeOverflow())
            {
                _keyFrames.Request();
            }
        }

        return true;
    }
}
