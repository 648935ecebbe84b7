using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Congestion;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Rtp.Send;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests.Send;

/// <summary>A session that holds packets back, and the parts that it does it with.</summary>
public sealed class PacerTests
{
    private const int MaxLength = 1180;
    private static readonly PayloadType Video = new(96);
    private static readonly PayloadType Audio = new(111);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly byte[] _buffer = new byte[1500];
    private readonly byte[] _payload = new byte[1000];
    private Instant _now = VirtualClock.Start;

    [Test]
    public void The_budget_lets_a_burst_of_five_milliseconds_pass_and_then_keeps_the_rate()
    {
        var budget = new PacingBudget();
        budget.SetBitrate(8_000_000, _now);
        var sent = 0;
        for (var ms = 0; ms < 1000; ms++)
        {
            var burst = 0;
            while (budget.IsDue(_now))
            {
                budget.OnSent(1000, _now);
                sent++;
                burst++;
            }

            Assert.That(burst, Is.LessThanOrEqualTo(6));
            _now += Millisecond;
        }

        Assert.That(sent, Is.InRange(1000, 1006));
    }

    [Test]
    public void The_queue_behaves_as_a_queue_and_ends_at_its_bound()
    {
        var session = MakeSession(PacingMode.All);
        var stream = AddVideo(session);
        var queue = new PacingQueue();
        var random = new SeededRandomSource(3);
        var model = new Queue<byte[]>();
        for (var i = 0; i < 20_000; i++)
        {
            if (random.Chance(0.51))
            {
                var packet = new byte[1 + random.Next(1200)];
                random.Fill(packet);
                var room = queue.Reserve(1200);
                if (room.IsEmpty)
                {
                    continue;
                }

                packet.CopyTo(room);
                queue.Add(stream, packet.Length, _now);
                model.Enqueue(packet);
            }
            else
            {
                Assert.That(queue.TryTake(out _, out var packet, out _), Is.EqualTo(model.TryDequeue(out var expected)));
                Assert.That(packet.SequenceEqual(expected), Is.True);
            }

            Assert.That(queue.Count, Is.EqualTo(model.Count));
            Assert.That(queue.Bytes, Is.EqualTo(model.Sum(p => p.Length)));
        }

        while (!queue.Reserve(1200).IsEmpty)
        {
            queue.Add(stream, 1200, _now);
        }

        Assert.That(queue.Bytes, Is.InRange(3_000_000, 4_200_000));
        queue.Remove(stream);
        Assert.That((queue.Count, queue.Bytes), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void A_large_frame_is_spread_over_time()
    {
        var session = MakeSession(PacingMode.Frames);
        var stream = AddVideo(session);
        EnqueueFrame(stream, 20);
        Assert.That(PollAll(session).Count(p => p.Pt == 96), Is.LessThan(4));

        // 20 packets of about 1,060 bytes at 2.5 times 300 kbit/s take 226 ms; the first probes of 15 ms shorten that.
        var elapsed = 0;
        var sent = 0;
        for (; elapsed < 400 && stream.GetStats().PacketsSent < 20; elapsed++)
        {
            sent += PollAt(session, Millisecond).Count(p => p.Pt == 96);
        }

        Assert.That(elapsed, Is.InRange(60, 230));
        Assert.That(stream.GetStats().TotalPacketSendDelay, Is.GreaterThan(TimeSpan.FromMilliseconds(100)));
    }

    [Test]
    public void Audio_is_never_held_back()
    {
        var session = MakeSession(PacingMode.Frames);
        var video = AddVideo(session);
        var audio = session.AddSendStream(new RtpSendStreamOptions
        {
            Ssrc = new Ssrc(10),
            IsAudio = true,
            PayloadTypes = [new() { PayloadType = Audio, ClockRate = 48_000, Feedback = RtcpFeedbackKinds.TransportCc }],
        });
        EnqueueFrame(video, 50);
        PollAll(session);
        Assert.That(audio.TryWritePacket(_buffer, _payload.AsSpan(0, 100), Audio, 0, false, _now, out var length), Is.True);
        Assert.That(length, Is.Positive);
    }

    [Test]
    public void Without_pacing_all_leave_at_once()
    {
        var session = MakeSession(PacingMode.None);
        EnqueueFrame(AddVideo(session), 50);
        Assert.That(PollAll(session).Count(p => p.Pt == 96), Is.EqualTo(50));
    }

    [Test]
    public void Nothing_is_held_back_where_the_peer_gives_no_feedback()
    {
        var session = MakeSession(PacingMode.All);
        EnqueueFrame(AddVideo(session, RtcpFeedbackKinds.Nack), 50);
        Assert.That(PollAll(session).Count(p => p.Pt == 96), Is.EqualTo(50));
        Assert.That(session.TargetBitrateBps, Is.Null);
    }

    [Test]
    public void Packets_wait_no_longer_than_the_bound()
    {
        var session = MakeSession(PacingMode.Frames, TimeSpan.FromMilliseconds(500));
        var stream = AddVideo(session);
        EnqueueFrame(stream, 1000);
        var elapsed = 0;
        for (; elapsed < 3000 && stream.GetStats().PacketsSent < 1000; elapsed++)
        {
            PollAt(session, Millisecond);
        }

        // At the pacing rate it would take 11 s.
        Assert.That(elapsed, Is.InRange(300, 900));
    }

    [Test]
    public void Packets_get_their_transport_number_and_send_time_when_they_leave_and_keep_their_order()
    {
        var session = MakeSession(PacingMode.All);
        var stream = AddVideo(session);
        EnqueueFrame(stream, 10);
        var sent = PollAll(session);
        while (stream.GetStats().PacketsSent < 10)
        {
            sent.AddRange(PollAt(session, Millisecond));
        }

        Assert.That(sent.Select(p => p.TransportNumber), Is.EqualTo(Enumerable.Range(0, sent.Count)));
        var media = sent.Where(p => p.Pt == 96).ToArray();
        Assert.That(media.Zip(media.Skip(1), (a, b) => (ushort)(b.SequenceNumber - a.SequenceNumber)), Is.All.EqualTo(1));
        Assert.That(media[^1].SendTime, Is.Not.EqualTo(media[0].SendTime));
    }

    [Test]
    public void A_forwarded_packet_may_wait_too()
    {
        var session = MakeSession(PacingMode.All);
        var stream = AddVideo(session);
        var source = TestPacket(1000);
        for (var i = 0; i < 20; i++)
        {
            source[3] = (byte)i;
            Assert.That(stream.TryEnqueueForwarded(MaxLength, source, null, Video, _now), Is.True);
        }

        var sent = PollAll(session).Count(p => p.Pt == 96);
        Assert.That(sent, Is.LessThan(20));
        for (var i = 0; i < 300; i++)
        {
            sent += PollAt(session, Millisecond).Count(p => p.Pt == 96);
        }

        Assert.That(sent, Is.EqualTo(20));
    }

    [Test]
    public void Probes_pad_with_the_last_packets_on_the_retransmission_stream()
    {
        var session = MakeSession(PacingMode.Frames);
        var stream = AddVideo(session);
        EnqueueFrame(stream, 1);
        var sent = PollAll(session);
        for (var i = 0; i < 100; i++)
        {
            sent.AddRange(PollAt(session, Millisecond));
        }

        Assert.That(sent.Count(p => p.Pt == 96), Is.EqualTo(1));
        Assert.That(sent.Count(p => p.Pt == 97), Is.InRange(10, 20), "Two clusters of at least five.");
        Assert.That(session.NextTimeout, Is.Not.Null.And.GreaterThan(_now + TimeSpan.FromMilliseconds(20)), "Nothing is left to be sent.");
    }

    [Test]
    public void A_removed_stream_leaves_nothing_behind()
    {
        var session = MakeSession(PacingMode.Frames);
        var stream = AddVideo(session);
        EnqueueFrame(stream, 50);
        PollAll(session);
        session.RemoveSendStream(stream, _now);
        for (var i = 0; i < 200; i++)
        {
            Assert.That(PollAt(session, Millisecond).Where(p => p.Pt == 96), Is.Empty);
        }
    }

    [Test]
    public void The_target_is_shared_by_weight_and_limit_and_told()
    {
        var session = MakeSession(PacingMode.Frames);
        var small = AddVideo(session, ssrc: 1, weight: 1, maxBps: 20_000);
        var one = AddVideo(session, ssrc: 3, weight: 1);
        var two = AddVideo(session, ssrc: 5, weight: 2);
        EnqueueFrame(small, 1);
        EnqueueFrame(one, 1);
        EnqueueFrame(two, 1);
        session.SetHeaderExtensions(Extensions);
        Assert.That(small.TargetBitrateBps, Is.EqualTo(20_000).Within(5).Percent);
        Assert.That(two.TargetBitrateBps / (double)one.TargetBitrateBps!, Is.EqualTo(2).Within(0.05));
        Assert.That(small.TargetBitrateBps + one.TargetBitrateBps + two.TargetBitrateBps, Is.InRange(250_000, 300_000));
        var told = new List<RtpEvent>();
        while (session.TryPollEvent(out var e))
        {
            told.Add(e);
        }

        Assert.That(told.FindLast(e => e.Kind == RtpEventKind.TargetBitrateChanged && e.SendStream == two).BitrateBps, Is.EqualTo(two.TargetBitrateBps).Within(3).Percent);
    }

    [Test]
    public void Paced_packets_allocate_nothing()
    {
        var pair = new SessionPair(pacing: PacingMode.Frames);
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        var now = pair.Clock.Now;
        uint timestamp = 0;
        var arrived = 0L;
        var allocated = Allocations.Measure(
            () =>
            {
                now += TimeSpan.FromMilliseconds(5);
                stream.TryEnqueuePacket(MaxLength, _payload, Video, timestamp += 450, true, default, now);
                arrived += Exchange(pair.A, pair.B, now);
                Exchange(pair.B, pair.A, now);
            },
            iterations: 2000);
        Assert.That(allocated, Is.Zero);
        Assert.That(arrived, Is.GreaterThan(7_000));
        Assert.That(pair.A.TargetBitrateBps, Is.GreaterThan(1_000_000));
    }

    private static readonly RtpHeaderExtension[] Extensions =
        [new(2, RtpHeaderExtensionUri.AbsoluteSendTime), new(3, RtpHeaderExtensionUri.TransportSequenceNumber)];

    private static RtpSession MakeSession(PacingMode pacing, TimeSpan? maxDelay = null)
    {
        var control = new CongestionControlOptions { Pacing = pacing, MaxPacingDelay = maxDelay ?? TimeSpan.FromSeconds(2) };
        var session = new RtpSession(new RtpSessionOptions { Cname = "c", CongestionControl = control }, new SeededRandomSource(1));
        session.SetHeaderExtensions(Extensions);
        return session;
    }

    private static RtpSendStream AddVideo(
        RtpSession session, RtcpFeedbackKinds feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.TransportCc, uint ssrc = 1, double weight = 1, long? maxBps = null) =>
        session.AddSendStream(new RtpSendStreamOptions
        {
            Ssrc = new Ssrc(ssrc),
            RetransmissionSsrc = new Ssrc(ssrc + 1),
            BitrateWeight = weight,
            MaxBitrateBps = maxBps,
            PayloadTypes =
            [
                new() { PayloadType = Video, ClockRate = 90_000, Feedback = feedback },
                new() { PayloadType = new PayloadType(97), ClockRate = 90_000, AssociatedPayloadType = Video },
            ],
        });

    private static byte[] TestPacket(int payloadLength)
    {
        var packet = new byte[payloadLength + 12];
        var writer = new RtpPacketWriter(packet, new Ssrc(77), Video, 0, 0);
        writer.TryAddPayload(new byte[payloadLength]);
        return packet[..writer.Complete()];
    }

    private void EnqueueFrame(RtpSendStream stream, int packets)
    {
        for (var i = 0; i < packets; i++)
        {
            Assert.That(stream.TryEnqueuePacket(MaxLength, _payload, Video, 0, i == packets - 1, default, _now), Is.True);
        }
    }

    private List<Sent> PollAt(RtpSession session, TimeSpan step)
    {
        _now += step;
        session.HandleTimeout(_now);
        return PollAll(session);
    }

    private List<Sent> PollAll(RtpSession session)
    {
        var sent = new List<Sent>();
        while (session.TryPollTransmit(_buffer.AsSpan(0, 1200), out var transmit))
        {
            if (!transmit.IsRtcp && RtpPacketView.TryParse(_buffer.AsSpan(0, transmit.Length), out var view))
            {
                view.TryGetExtension(2, out var time);
                view.TryGetExtension(3, out var number);
                sent.Add(new Sent(
                    view.PayloadType.Value, view.SequenceNumber, number.Length == 2 ? (number[0] << 8) | number[1] : -1, Convert.ToHexString(time)));
            }
        }

        return sent;
    }

    private int Exchange(RtpSession from, RtpSession to, Instant now)
    {
        var count = 0;
        from.HandleTimeout(now);
        while (from.TryPollTransmit(_buffer.AsSpan(0, 1200), out var transmit))
        {
            var packet = _buffer.AsSpan(0, transmit.Length);
            count += transmit.IsRtcp ? (to.HandleRtcp(packet, now) ? 0 : 0) : to.HandleRtp(packet, now, out _) ? 1 : 0;
        }

        while (from.TryPollEvent(out _))
        {
        }

        return count;
    }

    private sealed record Sent(int Pt, ushort SequenceNumber, int TransportNumber, string SendTime);
}
