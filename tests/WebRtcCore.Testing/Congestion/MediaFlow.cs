using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Testing.Congestion;

/// <summary>A sender of video with an encoder that follows the target exactly, and its receiver.</summary>
public sealed class MediaFlow
{
    private const int MaxPacketLength = 1180;
    private const int MaxPayloadLength = 1100;
    private const int DatagramOverhead = 28;
    private static readonly PayloadType Video = new(96);

    private readonly MediaFlowOptions _options;
    private readonly SeededRandomSource _random;
    private readonly byte[] _payload = new byte[MaxPayloadLength];
    private readonly RtpSendStream _stream;
    private Instant _nextFrame;

    internal MediaFlow(string name, MediaFlowOptions options, int seed)
    {
        Name = name;
        _options = options;
        _random = new SeededRandomSource(seed);
        var feedback = options.Feedback | (options.Retransmits ? RtcpFeedbackKinds.Nack : RtcpFeedbackKinds.None);
        RtpPayloadFormat[] formats =
        [
            new() { PayloadType = Video, ClockRate = 90_000, Feedback = feedback },
            new() { PayloadType = new PayloadType(97), ClockRate = 90_000, AssociatedPayloadType = Video },
        ];
        Sender = MakeSession("sender");
        Receiver = MakeSession("receiver");
        Receiver.SetReceivers([new RtpReceiverOptions { Mid = "0", Handle = 0, PayloadTypes = formats, ReducedSize = true }]);
        _stream = Sender.AddSendStream(new RtpSendStreamOptions
        {
            Ssrc = new Ssrc(1),
            RetransmissionSsrc = new Ssrc(2),
            Mid = "0",
            PayloadTypes = formats,
        });
        _nextFrame = VirtualClock.Start + options.StartsAt;
        SenderNode = new VirtualNode
        {
            OnDatagram = (Span<byte> datagram, in NetworkPath _, Instant now) => Sender.HandleRtcp(datagram, now),
            OnTimeout = OnSenderTimeout,
            OnPoll = (Span<byte> destination, out Transmit transmit) => Poll(Sender, destination, out transmit),
            OnEvents = _ => Drain(Sender),
            OnNextTimeout = () => Instant.Earliest(_nextFrame, Sender.NextTimeout),
        };
        ReceiverNode = new VirtualNode
        {
            OnDatagram = OnReceiverDatagram,
            OnTimeout = Receiver.HandleTimeout,
            OnPoll = (Span<byte> destination, out Transmit transmit) => Poll(Receiver, destination, out transmit),
            OnEvents = _ => Drain(Receiver),
            OnNextTimeout = () => Receiver.NextTimeout,
        };
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The sending session.</summary>
    public RtpSession Sender { get; }

    /// <summary>The receiving session.</summary>
    public RtpSession Receiver { get; }

    /// <summary>The target for everything, in bits per second.</summary>
    public long TargetBps => Sender.TargetBitrateBps ?? 0;

    /// <summary>Bytes that have arrived, IP and UDP headers included.</summary>
    public long BytesArrived { get; private set; }

    /// <summary>How many packets were lost for good or still are, as the receiver sees it.</summary>
    public RtpSendStreamStats SenderStats => _stream.GetStats();

    internal VirtualNode SenderNode { get; }

    internal VirtualNode ReceiverNode { get; }

    private RtpSession MakeSession(string cname)
    {
        var session = new RtpSession(
            new RtpSessionOptions { Cname = cname, CongestionControl = _options.CongestionControl, PacketOverheadBytes = DatagramOverhead }, _random.Fork());
        session.SetHeaderExtensions(
        [
            new RtpHeaderExtension(2, RtpHeaderExtensionUri.AbsoluteSendTime),
            new RtpHeaderExtension(3, RtpHeaderExtensionUri.TransportSequenceNumber),
            new RtpHeaderExtension(4, RtpHeaderExtensionUri.Mid),
        ]);
        return session;
    }

    private void OnSenderTimeout(Instant now)
    {
        Sender.HandleTimeout(now);
        if (now >= _nextFrame)
        {
            SendFrame(now);
            _nextFrame += TimeSpan.FromSeconds(1.0 / _options.FramesPerSecond);
        }
    }

    private void SendFrame(Instant now)
    {
        var target = Math.Min(_stream.TargetBitrateBps ?? 0, _options.EncoderMaxBps ?? long.MaxValue);
        var spread = 1 + (_options.FrameSizeSpread * ((2 * _random.NextDouble()) - 1));
        var length = Math.Max(50, (int)(target / 8 / _options.FramesPerSecond * spread));
        var timestamp = (uint)((now - VirtualClock.Start).TotalSeconds * 90_000);
        while (length > 0)
        {
            var part = Math.Min(length, MaxPayloadLength);
            length -= part;
            _stream.TryEnqueuePacket(MaxPacketLength, _payload.AsSpan(0, part), Video, timestamp, length == 0, default, now);
        }
    }

    private void OnReceiverDatagram(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        BytesArrived += datagram.Length + DatagramOverhead;
        if (RtpPacketView.IsRtcp(datagram))
        {
            Receiver.HandleRtcp(datagram, now);
        }
        else
        {
            Receiver.HandleRtp(datagram, now, out _);
        }
    }

    private static bool Poll(RtpSession session, Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (!session.TryPollTransmit(destination, out var packet))
        {
            return false;
        }

        transmit = new Transmit(packet.Length, null);
        return true;
    }

    private static void Drain(RtpSession session)
    {
        while (session.TryPollEvent(out _))
        {
        }
    }
}
