using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Congestion;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Rtp.Payloads;
using WebRtcCore.Rtp.Rtcp;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests;

/// <summary>Two RTP sessions with a wire of constant delay between them, under a virtual clock.</summary>
internal sealed class SessionPair
{
    public static readonly RtpHeaderExtension[] Extensions =
    [
        new(1, RtpHeaderExtensionUri.AudioLevel),
        new(2, RtpHeaderExtensionUri.AbsoluteSendTime),
        new(3, RtpHeaderExtensionUri.TransportSequenceNumber),
        new(4, RtpHeaderExtensionUri.Mid),
        new(10, RtpHeaderExtensionUri.RtpStreamId),
        new(11, RtpHeaderExtensionUri.RepairedRtpStreamId),
    ];

    private readonly PriorityQueue<(bool ToB, bool IsRtcp, byte[] Packet), (long At, long Order)> _wire = new();
    private readonly byte[] _buffer = new byte[1500];
    private readonly byte[] _recovered = new byte[1500];
    private long _order;

    public SessionPair(RtcpFeedbackKinds feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.NackPli | RtcpFeedbackKinds.TransportCc, bool withRetransmissions = true, PacingMode pacing = PacingMode.None)
    {
        Formats = withRetransmissions
            ?
            [
                new() { PayloadType = new(96), MimeType = "video/VP8", ClockRate = 90_000, Feedback = feedback },
                new() { PayloadType = new(97), ClockRate = 90_000, AssociatedPayloadType = new(96) },
            ]
            : [new() { PayloadType = new(96), MimeType = "video/VP8", ClockRate = 90_000, Feedback = feedback }];
        A = CreateSession(1, pacing);
        B = CreateSession(2, pacing);
    }

    public SessionPair(params RtpPayloadFormat[] formats)
    {
        Formats = formats;
        A = CreateSession(1, PacingMode.None);
        B = CreateSession(2, PacingMode.None);
    }

    public VirtualClock Clock { get; } = new();

    public RtpPayloadFormat[] Formats { get; }

    public RtpSession A { get; }

    public RtpSession B { get; }

    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The delay of the next packet, where it is not always the same.</summary>
    public Func<TimeSpan>? DelayOf { get; set; }

    /// <summary>The wall-clock time at the origin of the clock.</summary>
    public static DateTimeOffset Origin { get; } = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whether a packet gets lost: from A, RTCP, the packet.</summary>
    public Func<bool, bool, byte[], bool> Drop { get; set; } = static (_, _, _) => false;

    /// <summary>Extended sequence numbers that B received, in order of arrival.</summary>
    public List<long> ReceivedByB { get; } = [];

    /// <summary>Whether packets carry transport sequence numbers; to be set before streams are added.</summary>
    public bool HasTransportNumbers
    {
        set
        {
            A.SetHeaderExtensions(Extensions.Where(e => value || e.Uri != RtpHeaderExtensionUri.TransportSequenceNumber));
            B.SetHeaderExtensions(Extensions.Where(e => value || e.Uri != RtpHeaderExtensionUri.TransportSequenceNumber));
        }
    }

    /// <summary>Whether B puts frames together.</summary>
    public bool WantsFrames { get; set; }

    /// <summary>Frames that B gave, and when.</summary>
    public List<(RtpAssembledFrame Frame, TimeSpan At)> FramesOfB { get; } = [];

    public List<byte[]> PayloadsReceivedByB { get; } = [];

    /// <summary>Extended sequence numbers of packets that B got back.</summary>
    public List<long> RecoveredByB { get; } = [];

    /// <summary>Payload types that B's application saw.</summary>
    public HashSet<byte> TypesReceivedByB { get; } = [];

    /// <summary>For tests that number what they send.</summary>
    public int NextNumber { get; set; }

    public List<RtpEvent> EventsOfA { get; } = [];

    public List<RtpEvent> EventsOfB { get; } = [];

    /// <summary>The types of RTCP packets sent: from A, type, format.</summary>
    public List<(bool FromA, RtcpPacketType Type, int Count)> Rtcp { get; } = [];

    public int RetransmissionsOfA { get; private set; }

    public RtpSendStream AddVideoStream(uint ssrc = 0x100, string? rid = null)
    {
        return A.AddSendStream(new RtpSendStreamOptions
        {
            Ssrc = new Ssrc(ssrc),
            RetransmissionSsrc = Formats.Length > 1 ? new Ssrc(ssrc + 1) : null,
            Mid = "v",
            Rid = rid,
            PayloadTypes = Formats,
        });
    }

    public void SetReceiver(params string[] rids) => B.SetReceivers(
        [new RtpReceiverOptions { Mid = "v", Handle = 3, PayloadTypes = Formats, Rids = rids, ReducedSize = true }]);

    /// <summary>Sends one packet from A.</summary>
    public void Send(RtpSendStream stream, int payloadLength = 1000)
    {
        var timestamp = (uint)(Clock.Elapsed.Ticks * 9 / 1000);
        var payload = new byte[payloadLength];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(payload, stream.NextSequenceNumber);
        Assert.That(stream.TryWritePacket(_buffer, payload, new PayloadType(96), timestamp, true, Clock.Now, out var length), Is.True);
        Put(fromA: true, isRtcp: false, _buffer[..length]);
        Settle();
    }

    /// <summary>Sends one payload from A.</summary>
    public void SendPayload(RtpSendStream stream, ReadOnlySpan<byte> payload, uint timestampTicks, bool marker, byte payloadType = 96)
    {
        Assert.That(stream.TryWritePacket(_buffer, payload, new PayloadType(payloadType), timestampTicks, marker, Clock.Now, out var length), Is.True);
        Put(fromA: true, isRtcp: false, _buffer[..length]);
        Settle();
    }

    /// <summary>Puts a packet on the wire.</summary>
    public void Put(bool fromA, bool isRtcp, byte[] packet)
    {
        if (!Drop(fromA, isRtcp, packet))
        {
            _wire.Enqueue((fromA, isRtcp, packet), ((Clock.Now + (DelayOf?.Invoke() ?? Delay)).Ticks, _order++));
        }
    }

    /// <summary>Lets both sides work for a while.</summary>
    public void Run(TimeSpan duration)
    {
        var end = Clock.Now + duration;
        Settle();
        while (true)
        {
            Instant? next = _wire.TryPeek(out _, out var priority) ? new Instant(priority.At) : null;
            next = Instant.Earliest(next, Instant.Earliest(A.NextTimeout, B.NextTimeout));
            if (next is not { } at || at > end)
            {
                Clock.AdvanceTo(end);
                return;
            }

            Clock.AdvanceTo(at);
            Deliver();
            A.HandleTimeout(Clock.Now);
            B.HandleTimeout(Clock.Now);
            Settle();
        }
    }

    /// <summary>Sends packets from A at a steady rate.</summary>
    public void Stream(RtpSendStream stream, int count, TimeSpan interval)
    {
        for (var i = 0; i < count; i++)
        {
            Send(stream);
            Run(interval);
        }
    }

    public void Settle()
    {
        Poll(A, fromA: true, EventsOfA);
        Poll(B, fromA: false, EventsOfB);
    }

    private static RtpSession CreateSession(int seed, PacingMode pacing)
    {
        var options = new RtpSessionOptions
        {
            Cname = $"side{seed}",
            NtpOrigin = NtpTimestamp.From(Origin),
            CongestionControl = new CongestionControlOptions { Pacing = pacing },
        };
        var session = new RtpSession(options, new SeededRandomSource(seed));
        session.SetHeaderExtensions(Extensions);
        return session;
    }

    private void Poll(RtpSession session, bool fromA, List<RtpEvent> events)
    {
        while (session.TryPollTransmit(_buffer.AsSpan(0, 1200), out var transmit))
        {
            var packet = _buffer[..transmit.Length];
            if (transmit.IsRtcp)
            {
                Note(fromA, packet);
            }
            else if (fromA)
            {
                RetransmissionsOfA++;
            }

            Put(fromA, transmit.IsRtcp, packet);
        }

        while (session.TryPollEvent(out var e))
        {
            events.Add(e);
        }

        while (session.TryPollFrame(out _, out var frame))
        {
            FramesOfB.Add((frame, Clock.Elapsed));
        }
    }

    private void Note(bool fromA, byte[] datagram)
    {
        Assert.That(datagram, Has.Length.LessThanOrEqualTo(1150));
        Assert.That(RtcpCompound.TryParse(datagram, out var compound), Is.True);
        foreach (var packet in compound)
        {
            Rtcp.Add((fromA, packet.Type, packet.Count));
        }
    }

    private void Deliver()
    {
        while (_wire.TryPeek(out var item, out var priority) && priority.At <= Clock.Now.Ticks)
        {
            _wire.Dequeue();
            var session = item.ToB ? B : A;
            if (item.IsRtcp)
            {
                Assert.That(session.HandleRtcp(item.Packet, Clock.Now), Is.True);
            }
            else if (session.HandleRtp(item.Packet, Clock.Now, out var received) && item.ToB)
            {
                TypesReceivedByB.Add(received.Packet.PayloadType.Value);
                ReceivedByB.Add(received.ExtendedSequenceNumber);
                PayloadsReceivedByB.Add(received.Packet.Payload.ToArray());
                if (WantsFrames)
                {
                    B.AddToFrame(received, Clock.Now);
                }

                Assert.That(item.Packet.AsSpan(received.Offset, received.Length).SequenceEqual(received.Packet.Packet), Is.True);
            }

            while (session.TryPollRecovered(_recovered, out var recovered))
            {
                Assert.That(recovered.IsRecovered, Is.True);
                ReceivedByB.Add(recovered.ExtendedSequenceNumber);
                PayloadsReceivedByB.Add(recovered.Packet.Payload.ToArray());
                TypesReceivedByB.Add(recovered.Packet.PayloadType.Value);
                RecoveredByB.Add(recovered.ExtendedSequenceNumber);
            }
        }
    }
}
