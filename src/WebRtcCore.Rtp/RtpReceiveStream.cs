using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Frames;
using WebRtcCore.Rtp.Receive;

namespace WebRtcCore.Rtp;

/// <summary>One stream that an <see cref="RtpSession"/> receives: an SSRC, with the retransmissions that belong to it.</summary>
public sealed class RtpReceiveStream
{
    private readonly ReceiveStatistics _statistics = new();
    private readonly KeyFrameRequester _keyFrames;
    private ReceiverState _receiver;
    private RepairGaps? _repairGaps;

    internal RtpReceiveStream(Ssrc ssrc, ReceiverState receiver, RtpSessionOptions options)
    {
        Ssrc = ssrc;
        _receiver = receiver;
        _keyFrames = new KeyFrameRequester(options.KeyFrameRequestInterval);
    }

    /// <summary>The stream's SSRC.</summary>
    public Ssrc Ssrc { get; }

    /// <summary>The SSRC of its retransmissions (RFC 4588), once one has come in.</summary>
    public Ssrc? RetransmissionSsrc { get; internal set; }

    /// <summary>The SSRC of its repair packets (FlexFEC), once one has come in.</summary>
    public Ssrc? FecSsrc { get; internal set; }

    /// <summary>The receiver that the stream belongs to.</summary>
    public RtpReceiverOptions Receiver => _receiver.Options;

    /// <summary>The payload type of the last packet; <see langword="null"/> before the first.</summary>
    public PayloadType? LastPayloadType { get; private set; }

    /// <summary>The simulcast identifier, once known.</summary>
    public string? Rid { get; internal set; }

    /// <summary>
    /// How long frames are held back at least, so that they leave as evenly as they were captured; more where the jitter asks for it.
    /// <see langword="null"/>: each frame leaves as soon as it is whole. W3C's <c>jitterBufferTarget</c>.
    /// </summary>
    public TimeSpan? JitterBufferTarget
    {
        get;
        set
        {
            field = value;
            if (Frames is { } frames)
            {
                frames.TargetDelay = value;
            }
        }
    }

    /// <summary>Puts the frames together; <see langword="null"/> while nobody wants them.</summary>
    internal FrameBuffer? Frames { get; set; }

    /// <summary>Gives back lost packets; <see langword="null"/> while there is no redundancy.</summary>
    internal StreamRepair? Repair { get; set; }

    internal ReceiverState State
    {
        get => _receiver;
        set => _receiver = value;
    }

    internal ReceiveStatistics Statistics => _statistics;

    internal KeyFrameRequester KeyFrames => _keyFrames;

    internal NackGenerator? Nacks { get; private set; }

    /// <summary>The figures up to now.</summary>
    public RtpReceiveStreamStats GetStats()
    {
        var stats = _statistics.ToStats() with
        {
            NackCount = Nacks?.PacketsSent ?? 0,
            PliCount = _keyFrames.PliCount,
            FirCount = _keyFrames.FirCount,
        };
        return Repair?.AddTo(stats) ?? stats;
    }

    /// <summary>What became of the frames; <see langword="null"/> while nobody wants them. See <see cref="RtpSession.AddToFrame"/>.</summary>
    public RtpFrameStats? GetFrameStats() => Frames?.GetStats();

    /// <summary>Takes a packet of the stream into account.</summary>
    /// <returns><see langword="false"/> if it is a duplicate or too old.</returns>
    internal bool TryAccept(RtpPacketView packet, RtpPayloadFormat format, PacketOrigin origin, Instant now, out long extendedSequenceNumber)
    {
        if (!_statistics.TryAccept(packet, format.ClockRate, origin, now, out extendedSequenceNumber))
        {
            return false;
        }

        LastPayloadType = format.PayloadType;
        if ((format.Feedback & RtcpFeedbackKinds.Nack) != 0)
        {
            NoteForNacks(packet, format, extendedSequenceNumber, now);
        }

        return true;
    }

    private void NoteForNacks(RtpPacketView packet, RtpPayloadFormat format, long number, Instant now)
    {
        var hasUlpfec = _receiver.Formats.Ulpfec is not null;
        Nacks ??= new NackGenerator(hasUlpfec ? NackGenerator.AttemptsWithRepairs : NackGenerator.DefaultAttempts);
        Nacks.OnPacket(number, now);
        if (Nacks.TakeOverflow())
        {
            _keyFrames.Request();
        }

        if (hasUlpfec)
        {
            _repairGaps ??= new RepairGaps();
            if (_repairGaps.TryFind(packet, format.MimeType, number, out var after, out var before))
            {
                Nacks.Forget(after + 1, before);
            }
        }
    }
}
