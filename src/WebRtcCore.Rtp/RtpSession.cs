using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Frames;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Rtp.Payloads;
using WebRtcCore.Rtp.Receive;
using WebRtcCore.Rtp.Rtcp;
using WebRtcCore.Rtp.Send;

namespace WebRtcCore.Rtp;

/// <summary>
/// RTP and RTCP of one transport: a BUNDLE group with RTCP multiplexed (RFC 3550, 5761, 8843). A sans-IO core on plain packets: the
/// owner decrypts what comes in and encrypts what goes out. Single-threaded use; after each call poll until both polls answer false.
/// </summary>
/// <remarks>
/// In: SSRCs are learned and demultiplexed, retransmissions unwrapped, duplicates dropped, losses and jitter counted, NACKs, transport-wide
/// feedback and receiver reports written. Out: <see cref="RtpSendStream"/> numbers packets and answers NACKs; sender reports are written.
/// </remarks>
public sealed class RtpSession
{
    private readonly TimerTable<RtpTimer> _timers = new();
    private readonly SendStreamTable _sendStreams = new();
    private readonly RtpEventQueue _events = new();
    private readonly TransportFeedbackCollector _arrivals = new();
    private readonly ArrivalCollector _streamArrivals = new();
    private readonly FrameReceiver _frames = new();
    private readonly RedundancyReceiver _redundancy = new();
    private readonly ReferenceTimeAnswers _referenceTimes = new();
    private readonly RtpSessionOptions _options;
    private readonly IRandomSource _random;
    private readonly ILogger _logger;
    private readonly RoundTripTime _roundTripTime;
    private readonly RtpSendContext _sendContext;
    private readonly RtpDemultiplexer _demultiplexer;
    private readonly RetransmissionQueue _retransmissions;
    private readonly Pacer _pacer;
    private readonly SendRateControl _rates;
    private readonly RtcpReceiver _rtcpReceiver;
    private readonly RtcpSender _rtcpSender;
    private readonly RemoteBitrateEstimator _estimator;
    private Instant _now;

    /// <summary>Creates a session without streams.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="random">Where SSRCs, sequence numbers and report intervals come from.</param>
    /// <param name="logger">Where to log, or <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The canonical name is longer than 255 bytes.</exception>
    public RtpSession(RtpSessionOptions options, IRandomSource random, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        RequireCname(options.Cname);
        _options = options;
        _random = random;
        _logger = logger ?? NullLogger.Instance;
        _roundTripTime = new RoundTripTime(options.InitialRoundTripTime);
        _sendContext = new RtpSendContext(options) { MediaSent = OnMediaGiven };
        _demultiplexer = new RtpDemultiplexer(options, OnReceiveStreamAdded, OnReceiveStreamRemoved);
        _retransmissions = new RetransmissionQueue(_sendContext);
        _pacer = new Pacer(_sendContext, _sendStreams, _retransmissions);
        _rates = new SendRateControl(_sendContext, _sendStreams, _pacer, _roundTripTime, _events);
        _sendContext.Queue = _pacer.Queue;
        _sendContext.Rates = _rates;
        _rtcpReceiver = new RtcpReceiver(
            _sendStreams, _demultiplexer, _sendContext, _retransmissions, _referenceTimes, _roundTripTime, _events);
        _estimator = new RemoteBitrateEstimator(options.CongestionControl, options.PacketOverheadBytes);
        _rtcpSender = new RtcpSender(
            _sendStreams, _demultiplexer, _arrivals, _streamArrivals, _sendContext, _referenceTimes, _roundTripTime, _estimator, new Ssrc(random.NextUInt32()));
    }

    /// <summary>When <see cref="HandleTimeout"/> is to be called, or <see langword="null"/> if nothing is pending.</summary>
    public Instant? NextTimeout => _timers.Next;

    /// <summary>The streams that are sent.</summary>
    public IReadOnlyList<RtpSendStream> SendStreams => _sendStreams.All;

    /// <summary>The streams that have been received and not ended.</summary>
    public IReadOnlyList<RtpReceiveStream> ReceiveStreams => _demultiplexer.Streams;

    /// <summary>The smoothed round-trip time from RTCP, or the initial one until it is measured.</summary>
    public TimeSpan RoundTripTime => _roundTripTime.Value;

    /// <summary>
    /// What may be sent altogether in bits per second, headers down to IP included; <see langword="null"/> while no stream is sent for which
    /// the peer gives feedback.
    /// </summary>
    public long? TargetBitrateBps => _rates.TargetBitrateBps;

    /// <summary>Whether packets that are enqueued wait for their time: the peer gives transport-wide feedback, and pacing is not turned off.</summary>
    public bool IsPacing => _pacer.IsEnabled;

    /// <summary>The header extensions set last.</summary>
    public RtpHeaderExtensionMap HeaderExtensions => _sendContext.Extensions;

    /// <summary>Packets dropped so far, by reason.</summary>
    public RtpSessionCounters Counters { get; private set; }

    /// <summary>Sets the header extensions agreed for the BUNDLE group, both ways.</summary>
    /// <exception cref="ArgumentException">An identifier stands for two extensions.</exception>
    public void SetHeaderExtensions(IEnumerable<RtpHeaderExtension> extensions)
    {
        _sendContext.Extensions = new RtpHeaderExtensionMap(extensions);
        foreach (var stream in _sendStreams.All)
        {
            stream.OnHeaderExtensionsChanged();
        }

        _rates.OnStreamsChanged(_now);
    }

    /// <summary>Sets what is received. Streams whose receiver stays, by MID, go on; streams of other receivers end.</summary>
    public void SetReceivers(IReadOnlyList<RtpReceiverOptions> receivers)
    {
        ArgumentNullException.ThrowIfNull(receivers);
        _demultiplexer.SetReceivers(receivers);
    }

    /// <summary>Adds a stream to be sent.</summary>
    /// <exception cref="ArgumentException">The SSRC is taken, or the canonical name is too long.</exception>
    public RtpSendStream AddSendStream(RtpSendStreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RequireCname(options.Cname ?? _options.Cname);
        if (_sendStreams.IsTaken(options.Ssrc) || (options.RetransmissionSsrc is { } ssrc && _sendStreams.IsTaken(ssrc)))
        {
            throw new ArgumentException($"The SSRC {options.Ssrc} or that of its retransmissions is taken.", nameof(options));
        }

        var stream = new RtpSendStream(options, _sendContext, _random);
        _sendStreams.Add(stream);
        _rates.OnStreamsChanged(_now);
        return stream;
    }

    /// <summary>Changes what a stream is after a renegotiation. Its SSRC stays, and its sequence numbers go on.</summary>
    /// <exception cref="ArgumentException">The SSRC differs, that of the retransmissions is another stream's, or the canonical name is too long.</exception>
    public void UpdateSendStream(RtpSendStream stream, RtpSendStreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        RequireCname(options.Cname ?? _options.Cname);
        if (options.Ssrc != stream.Ssrc ||
            (options.RetransmissionSsrc is { } ssrc && ssrc != stream.Options.RetransmissionSsrc && _sendStreams.IsTaken(ssrc)))
        {
            throw new ArgumentException("A stream keeps its SSRC, and shares that of its retransmissions with no other.", nameof(options));
        }

        stream.Update(options);
        _rates.OnStreamsChanged(_now);
    }

    /// <summary>Ends every stream that was sent, and says so to the peer (BYE), which is left to be polled.</summary>
    public void Close(Instant now)
    {
        foreach (var stream in _sendStreams.All.ToArray())
        {
            RemoveSendStream(stream, now);
        }
    }

    /// <summary>Ends a stream that was sent, and says so to the peer (BYE). A stream that is no longer there is ignored.</summary>
    public void RemoveSendStream(RtpSendStream stream, Instant now)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _now = now;
        if (_sendStreams.Remove(stream))
        {
            _retransmissions.Remove(stream);
            _pacer.Remove(stream);
            _sendContext.Forget(stream);
            _rates.OnStreamsChanged(now);
            if (stream.HasSent)
            {
                _rtcpSender.AddGoodbye(stream.Ssrc);
            }
        }
    }

    /// <summary>An SSRC that no stream of this session uses, sent or received.</summary>
    public Ssrc CreateSsrc()
    {
        Ssrc ssrc;
        do
        {
            ssrc = new Ssrc(_random.NextUInt32());
        }
        while (ssrc.Value == 0 || _sendStreams.IsTaken(ssrc) || _demultiplexer.FindStream(ssrc) is not null);
        return ssrc;
    }

    /// <summary>Takes in a decrypted RTP packet.</summary>
    /// <param name="packet">The packet, borrowed. A retransmission is turned back into its original in place.</param>
    /// <param name="now">The time.</param>
    /// <param name="received">The packet and its stream; borrows <paramref name="packet"/>.</param>
    /// <returns>
    /// Whether there is a packet for the application: not if it belongs to no receiver, is a duplicate, or only pads.
    /// </returns>
    public bool HandleRtp(Span<byte> packet, Instant now, out RtpReceived received)
    {
        _now = now;
        received = default;
        if (!RtpPacketView.TryParse(packet, out var view))
        {
            Counters = Counters with { MalformedPackets = Counters.MalformedPackets + 1 };
            return false;
        }

        var extensions = IncomingExtensions.Read(view, _sendContext.Extensions);
        if (extensions.TransportSequenceNumber is { } number && (_demultiplexer.Feedback & RtcpFeedbackKinds.TransportCc) != 0)
        {
            OnArrival(number, view.Ssrc);
        }

        if ((_demultiplexer.Feedback & RtcpFeedbackKinds.AckCcfb) != 0)
        {
            _streamArrivals.Add(view.Ssrc, view.SequenceNumber, now);
            ArmTransportFeedback();
        }

        if (!_demultiplexer.TryRoute(view, extensions, now, out var source))
        {
            Counters = Counters with { UnroutedPackets = Counters.UnroutedPackets + 1 };
            return false;
        }

        if (extensions.SendTime is { } sendTime && RemoteBitrateEstimator.IsNeeded(_demultiplexer.Feedback)
            && _estimator.Add(sendTime, packet.Length, _roundTripTime.Value, now) is { } due)
        {
            _timers.Arm(RtpTimer.Estimate, due);
        }

        return TryReceive(packet, view, source, now, out received);
    }

    /// <summary>
    /// Takes a packet that was lost and has come back from redundancy or repair packets. To be called after each <see cref="HandleRtp"/> until it says
    /// <see langword="false"/>.
    /// </summary>
    /// <param name="buffer">Where the packet goes, borrowed: 1,500 bytes.</param>
    /// <param name="received">The packet and its stream; borrows <paramref name="buffer"/>.</param>
    public bool TryPollRecovered(Span<byte> buffer, out RtpReceived received)
    {
        received = default;
        if (!_redundancy.TryTake(buffer, _now, out var stream, out var packet, out var number))
        {
            return false;
        }

        received = new RtpReceived(stream, packet, 0, number, PacketOrigin.Recovered);
        return true;
    }

    /// <summary>
    /// Puts a packet that <see cref="HandleRtp"/> has given into the frame that it is part of. Frames come out of <see cref="TryPollFrame"/>, in order, whole, and
    /// only if the frames that they need were there too; where nothing can be decoded any more, a key frame is asked for.
    /// </summary>
    public void AddToFrame(in RtpReceived received, Instant now)
    {
        _now = now;
        _frames.Add(received, _sendContext.Extensions, _roundTripTime.AnswerTime, now);
        ArmFeedback(received.Stream.KeyFrames.Due);
        ArmFrames();
    }

    /// <summary>Stops putting a stream's frames together; what waits is lost.</summary>
    public void StopFrames(RtpReceiveStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _frames.Remove(stream);
    }

    /// <summary>Takes the next frame to decode; see <see cref="AddToFrame"/>.</summary>
    public bool TryPollFrame([NotNullWhen(true)] out RtpReceiveStream? stream, [NotNullWhen(true)] out RtpAssembledFrame? frame)
    {
        if (_frames.TryTake(_now, out stream, out frame))
        {
            return true;
        }

        ArmFrames();
        return false;
    }

    /// <summary>Takes in a decrypted RTCP datagram, borrowed: a compound or a reduced-size packet.</summary>
    /// <returns><see langword="false"/> if it is not made of whole RTCP packets; nothing has changed then.</returns>
    public bool HandleRtcp(ReadOnlySpan<byte> datagram, Instant now)
    {
        _now = now;
        if (!RtcpCompound.TryParse(datagram, out var compound))
        {
            Counters = Counters with { MalformedPackets = Counters.MalformedPackets + 1 };
            return false;
        }

        foreach (var packet in compound)
        {
            _rtcpReceiver.Handle(packet, now);
        }

        PassOnKeyFrameRequests();
        return true;
    }

    /// <summary>Asks the peer for a key frame of <paramref name="stream"/>: now, or when the least interval since the last request is over.</summary>
    public void RequestKeyFrame(RtpReceiveStream stream, Instant now)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _now = now;
        stream.KeyFrames.Request();
        ArmFeedback(stream.KeyFrames.Due);
    }

    /// <summary>Asks the peer for key frames of the streams of a receiver.</summary>
    /// <param name="mid">The receiver's media section.</param>
    /// <param name="rid">The simulcast layer, or <see langword="null"/> for all.</param>
    /// <param name="now">The time.</param>
    public void RequestKeyFrame(string mid, string? rid, Instant now)
    {
        foreach (var stream in _demultiplexer.Streams)
        {
            if (stream.Receiver.Mid == mid && (rid is null || stream.Rid == rid))
            {
                RequestKeyFrame(stream, now);
            }
        }
    }

    /// <summary>Does what is due: see <see cref="NextTimeout"/>.</summary>
    public void HandleTimeout(Instant now)
    {
        _now = now;
        while (_timers.TryTakeExpired(now, out var timer))
        {
            switch (timer)
            {
                case RtpTimer.Report:
                    _rtcpSender.BeginReports();
                    _timers.Arm(RtpTimer.Report, now + DrawReportInterval());
                    break;
                case RtpTimer.TransportFeedback:
                    _rtcpSender.BeginTransportFeedback();
                    break;
                case RtpTimer.Feedback:
                    _rtcpSender.BeginFeedback();
                    break;
                case RtpTimer.Estimate:
                    _rtcpSender.BeginEstimate();
                    break;
                case RtpTimer.KeyFrameEvent:
                    PassOnKeyFrameRequests();
                    break;
                case RtpTimer.Pacing:
                    // The next poll writes what is due.
                    break;
                case RtpTimer.Frames:
                    _frames.Advance(_roundTripTime.AnswerTime, now);
                    ArmFeedback(_rtcpSender.GetFeedbackDue());
                    break;
                default:
                    throw new InvalidOperationException($"Unknown timer {timer}.");
            }
        }
    }

    /// <summary>Writes the next packet that the session sends by itself: RTCP, a retransmission, what has waited for its time, or padding.</summary>
    /// <param name="destination">Where it goes, borrowed: at least 1,200 bytes, with room behind it for SRTP besides.</param>
    /// <param name="transmit">What it is.</param>
    public bool TryPollTransmit(Span<byte> destination, out RtpTransmit transmit)
    {
        if (_rtcpSender.TryWrite(destination, _now, out var length))
        {
            transmit = new RtpTransmit(length, IsRtcp: true);
            return true;
        }

        if (_pacer.TryWrite(destination, _roundTripTime.Value, _now, out length))
        {
            transmit = new RtpTransmit(length, IsRtcp: false);
            return true;
        }

        if (_rtcpSender.TakeFeedbackDone())
        {
            ArmFeedback(_rtcpSender.GetFeedbackDue());
        }

        ArmPacing();
        transmit = default;
        return false;
    }

    /// <summary>Takes the next event.</summary>
    public bool TryPollEvent(out RtpEvent e) => _events.TryTake(out e);

    private static void RequireCname(string cname)
    {
        if (Encoding.UTF8.GetByteCount(cname) > byte.MaxValue)
        {
            throw new ArgumentException("A canonical name has at most 255 bytes.", nameof(cname));
        }
    }

    private bool TryReceive(Span<byte> packet, RtpPacketView view, RtpSource source, Instant now, out RtpReceived received)
    {
        received = default;
        var formats = source.Receiver.Formats;
        var format = formats[view.PayloadType]!;
        var offset = 0;
        if (format == formats.FlexFec)
        {
            _redundancy.AddFlexFec(source.Stream, view.Payload);
            return false;
        }

        if (source.IsRetransmission)
        {
            offset = RetransmissionUnwrapper.OriginalSequenceNumberLength;
            if (format.AssociatedPayloadType is not { } original || formats[original] is not { } originalFormat
                || !RetransmissionUnwrapper.TryUnwrap(packet, view.HeaderLength, view.Payload.Length, source.Stream.Ssrc, original)
                || !RtpPacketView.TryParse(packet[offset..], out view))
            {
                Counters = Counters with { PaddingPackets = Counters.PaddingPackets + 1 };
                return false;
            }

            format = originalFormat;
        }

        var isRed = format == formats.Red && !view.Payload.IsEmpty;
        if (isRed)
        {
            if (!_redundancy.TryOpen(source.Stream, packet[offset..], ref view, out var opened) || formats[view.PayloadType] is not { } content)
            {
                Counters = Counters with { MalformedPackets = Counters.MalformedPackets + 1 };
                return false;
            }

            offset += opened;
            format = content;
        }

        var origin = source.IsRetransmission ? PacketOrigin.Retransmission : PacketOrigin.Original;
        if (!source.Stream.TryAccept(view, format, origin, now, out var extendedSequenceNumber))
        {
            Counters = Counters with { DuplicatePackets = Counters.DuplicatePackets + 1 };
            return false;
        }

        AfterAccept(source, now);
        if (isRed && format == formats.Ulpfec)
        {
            _redundancy.AddUlpfec(source.Stream, view.Payload);
            return false;
        }

        // A retransmission has other header extensions than the packet that was protected.
        if (origin == PacketOrigin.Original)
        {
            source.Stream.Repair?.AddMedia(view, extendedSequenceNumber, _sendContext.Extensions);
        }

        received = new RtpReceived(source.Stream, view, offset, extendedSequenceNumber, origin);
        return true;
    }

    private void AfterAccept(RtpSource source, Instant now)
    {
        if (source.IsRetransmission && source.Stream.Nacks?.AnswerTime is { } answerTime)
        {
            _roundTripTime.OnAnswerTime(answerTime);
        }

        StartReports(now);
        ArmFeedback(Instant.Earliest(source.Stream.Nacks?.Due, source.Stream.KeyFrames.Due));
    }

    private void OnArrival(ushort transportSequenceNumber, Ssrc ssrc)
    {
        _arrivals.Add(transportSequenceNumber, ssrc, _now);
        ArmTransportFeedback();
    }

    private void ArmTransportFeedback()
    {
        if (!_timers.IsArmed(RtpTimer.TransportFeedback))
        {
            _timers.Arm(RtpTimer.TransportFeedback, _now + _options.TransportFeedbackInterval);
        }
    }

    private void OnReceiveStreamAdded(RtpReceiveStream stream)
    {
        Log.ReceiveStreamAdded(_logger, stream.Ssrc, stream.Receiver.Mid, stream.Rid);
        _events.Add(new RtpEvent { Kind = RtpEventKind.ReceiveStreamAdded, ReceiveStream = stream });
    }

    private void OnReceiveStreamRemoved(RtpReceiveStream stream)
    {
        _frames.Remove(stream);
        _redundancy.Remove(stream);
        Log.ReceiveStreamRemoved(_logger, stream.Ssrc, stream.Receiver.Mid);
        _events.Add(new RtpEvent { Kind = RtpEventKind.ReceiveStreamRemoved, ReceiveStream = stream });
    }

    private void ArmFrames()
    {
        if (_frames.Due is { } due)
        {
            _timers.Arm(RtpTimer.Frames, due);
        }
        else
        {
            _timers.Cancel(RtpTimer.Frames);
        }
    }

    private void OnMediaGiven(Instant now)
    {
        _now = now;
        StartReports(now);
    }

    private void ArmPacing()
    {
        // What is due already and could not be written waits for the next poll: asking for a timeout now would ask for it over and over.
        if (_pacer.GetDue() is { } due && due > _now)
        {
            _timers.Arm(RtpTimer.Pacing, due);
        }
        else
        {
            _timers.Cancel(RtpTimer.Pacing);
        }
    }

    private void StartReports(Instant now)
    {
        if (!_timers.IsArmed(RtpTimer.Report))
        {
            // RFC 3550 6.2: the first report comes after half the interval.
            _timers.Arm(RtpTimer.Report, now + (DrawReportInterval() / 2));
        }
    }

    // RFC 3550 6.3.1: 0.5 to 1.5 times the interval, so that many sessions do not report in step.
    private TimeSpan DrawReportInterval() => _options.ReportInterval * (0.5 + _random.NextDouble());

    private void ArmFeedback(Instant? due)
    {
        if (due is not { } at)
        {
            return;
        }

        if (at <= _now)
        {
            _rtcpSender.BeginFeedback();
        }
        else if (_timers.Deadline(RtpTimer.Feedback) is not { } armed || at < armed)
        {
            _timers.Arm(RtpTimer.Feedback, at);
        }
    }

    private void PassOnKeyFrameRequests()
    {
        Instant? due = null;
        foreach (var stream in _sendStreams.All)
        {
            if (stream.KeyFrameRequests.TryTake(_now))
            {
                _events.Add(new RtpEvent { Kind = RtpEventKind.KeyFrameRequested, SendStream = stream });
            }

            due = Instant.Earliest(due, stream.KeyFrameRequests.Due);
        }

        if (due is { } at)
        {
            _timers.Arm(RtpTimer.KeyFrameEvent, at);
        }
    }
}
