using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Congestion;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp.Receive;

/// <summary>
/// Estimates what the path carries for a peer that cannot do so itself, because it gets no feedback packet by packet: from the send times in its packets and their
/// arrival here (draft-ietf-rmcat-gcc-02, 4, on the receiving side). What it finds goes back as REMB: once a second while packets come in, and at once when it falls.
/// </summary>
internal sealed class RemoteBitrateEstimator(CongestionControlOptions options, int overheadBytes)
{
    /// <summary>The most streams that an estimate names.</summary>
    public const int MaxStreams = 32;

    // AbsoluteSendTime: 24 bits, 2^18 of them a second.
    private const int SendTimeBits = 24;
    private const int SendTimeTicksPerSecond = 1 << 18;

    // A fall of more than 3 % is worth a packet of its own.
    private const double Fall = 0.97;
    private const int Batch = 32;
    private static readonly TimeSpan BatchDuration = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly RateMeter _arriving = new();

    // Made with the first packet: nearly all peers go without.
    private DelayBasedEstimator? _delay;
    private PacketFeedback[] _packets = [];
    private int _count;
    private long _sendTicks = -1;
    private long _told;
    private Instant _batchBegan;
    private bool _hasNews;

    /// <summary>The estimate in bits per second, headers down to IP included.</summary>
    public long BitrateBps => _delay?.BitrateBps ?? options.StartBitrateBps;

    /// <summary>When the estimate is next to be told; <see langword="null"/> where nothing has come in.</summary>
    public Instant? Due { get; private set; }

    /// <summary>Whether this is the feedback of a peer that agrees on REMB and on nothing packet by packet.</summary>
    public static bool IsNeeded(RtcpFeedbackKinds feedback) =>
        (feedback & (RtcpFeedbackKinds.GoogRemb | RtcpFeedbackKinds.TransportCc | RtcpFeedbackKinds.AckCcfb)) == RtcpFeedbackKinds.GoogRemb;

    /// <summary>Takes in a packet.</summary>
    /// <param name="sendTime">When it was sent.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="roundTripTime">How long the peer takes to follow an estimate.</param>
    /// <param name="now">When it came in.</param>
    /// <returns><see cref="Due"/>.</returns>
    public Instant? Add(AbsoluteSendTime sendTime, int length, TimeSpan roundTripTime, Instant now)
    {
        if (_delay is null)
        {
            _delay = new DelayBasedEstimator(options);
            _packets = new PacketFeedback[Batch];
        }

        length += overheadBytes;
        _arriving.Add(length, now);
        if (_count == 0)
        {
            _batchBegan = now;
        }

        _packets[_count++] = new PacketFeedback { Sent = Unwrap(sendTime), Arrived = now, Length = length };
        if (_count == Batch || now - _batchBegan >= BatchDuration)
        {
            _delay.SetRoundTripTime(roundTripTime);
            _delay.OnFeedback(_packets.AsSpan(0, _count), _arriving.GetBitrateBps(now), null, now);
            _count = 0;
            _hasNews = true;
            Due = _told > 0 && BitrateBps < _told * Fall ? now : Due ?? now + Interval;
        }

        return Due;
    }

    /// <summary>Takes the estimate, in order to tell it.</summary>
    public long Take(Instant now)
    {
        Due = _hasNews ? now + Interval : null;
        _hasNews = false;
        return _told = BitrateBps;
    }

    private Instant Unwrap(AbsoluteSendTime sendTime)
    {
        const int Unused = 32 - SendTimeBits;
        _sendTicks = _sendTicks < 0 ? (1 << SendTimeBits) + sendTime.Value : _sendTicks + ((int)((sendTime.Value - (uint)_sendTicks) << Unused) >> Unused);
        return Instant.Zero + TimeSpan.FromTicks(_sendTicks * TimeSpan.TicksPerSecond / SendTimeTicksPerSecond);
    }
}
