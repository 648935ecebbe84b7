using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests;

/// <summary>Recorded calls, and damaged copies of them, taken in by a session.</summary>
public sealed class RtpSessionReplayTests
{
    private readonly byte[] _buffer = new byte[1500];

    [TestCase("plain-av-vp8.pcap", 2)]
    [TestCase("plain-av-h264.pcap", 2)]
    public void A_browsers_packets_find_their_streams(string file, int streams)
    {
        var packets = PcapReader.Read(TestData.Path($"corpus/rtp/{file}")).Where(p => p.Payload.Length > 8 && p.Payload[0] is >= 128 and <= 191).ToList();
        var peer = packets[0].Source;
        var session = CreateSession();
        var delivered = 0;
        foreach (var packet in packets.Where(p => p.Source == peer))
        {
            var now = VirtualClock.Start + packet.Time;
            session.HandleTimeout(now);
            if (RtpPacketView.IsRtcp(packet.Payload))
            {
                Assert.That(session.HandleRtcp(packet.Payload, now), Is.True);
            }
            else if (session.HandleRtp(packet.Payload, now, out var received))
            {
                Assert.That(received.Packet.PayloadType.Value, Is.Not.AnyOf(97, 103, 119));
                delivered++;
            }

            Drain(session);
        }

        Assert.That(session.ReceiveStreams, Has.Count.EqualTo(streams));
        Assert.That(session.ReceiveStreams.Select(s => s.Receiver.Mid).Order(), Is.EqualTo(new[] { "0", "1" }));
        Assert.That(delivered, Is.EqualTo(session.ReceiveStreams.Sum(s => s.GetStats().PacketsReceived)).And.GreaterThan(150));
        Assert.That(session.Counters.UnroutedPackets, Is.LessThan(20));
        Assert.That(session.Counters.MalformedPackets, Is.Zero);
    }

    [Test]
    public void A_browsers_retransmissions_fill_its_losses_with_the_original_packets()
    {
        const byte RedRetransmission = 119;
        var packets = PcapReader.Read(TestData.Path("corpus/rtp/plain-av-vp8-loss3pct.pcap"))
            .Where(p => p.Payload.Length > 8 && p.Payload[0] is >= 128 and <= 191 && !RtpPacketView.IsRtcp(p.Payload)).ToList();
        foreach (var peer in packets.Select(p => p.Source).Distinct())
        {
            // The call was recorded before its losses: what was sent again is lost here, so that only the retransmission is left.
            var repaired = packets.Where(p => p.Source == peer && Parse(p.Payload).PayloadType.Value == RedRetransmission)
                .Select(p => System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(Parse(p.Payload).Payload)).ToHashSet();
            var originals = new Dictionary<ushort, byte[]>();
            var session = CreateSession();
            foreach (var packet in packets.Where(p => p.Source == peer))
            {
                var now = VirtualClock.Start + packet.Time;
                session.HandleTimeout(now);
                var view = Parse(packet.Payload);
                if (view.PayloadType.Value == 118 && repaired.Contains(view.SequenceNumber))
                {
                    originals.TryAdd(view.SequenceNumber, packet.Payload);
                    continue;
                }

                if (session.HandleRtp(packet.Payload, now, out var received) && received.IsRetransmission)
                {
                    Assert.That(originals.Remove(received.Packet.SequenceNumber, out var original), Is.True);
                    var expected = Parse(original!);
                    Assert.That(received.Packet.Payload.SequenceEqual(expected.Payload), Is.True);
                    Assert.That(received.Packet.TimestampTicks, Is.EqualTo(expected.TimestampTicks));
                    Assert.That(received.Packet.Marker, Is.EqualTo(expected.Marker));
                    Assert.That(received.Packet.Ssrc, Is.EqualTo(expected.Ssrc));
                    Assert.That(received.Packet.PayloadType, Is.EqualTo(expected.PayloadType));
                }

                Drain(session);
            }

            var stats = session.ReceiveStreams.Single(s => s.Receiver.Mid == "1").GetStats();
            Assert.That(originals, Is.Empty);
            Assert.That(repaired, Has.Count.GreaterThan(10));
            Assert.That(stats.RetransmittedPacketsReceived, Is.EqualTo(repaired.Count));
            Assert.That(stats.NackCount, Is.Positive);
        }
    }

    // security.md rows 24 and 25.
    [Test]
    public void Damaged_packets_in_any_order_never_make_a_session_throw_or_grow()
    {
        var random = new SeededRandomSource(99);
        var packets = CaptureReplayTests.Media(TestData.Path("corpus/rtp/plain-av-vp8-loss3pct.pcap"))
            .Concat(CaptureReplayTests.Media(TestData.Path("corpus/rtp/plain-simulcast3-vp8.pcap"))).ToArray();
        var session = CreateSession();
        var stream = session.AddSendStream(new RtpSendStreamOptions { Ssrc = new Ssrc(0x45c4a5a7), RetransmissionSsrc = new Ssrc(5), PayloadTypes = Video() });
        var now = VirtualClock.Start;
        for (var i = 0; i < 30_000; i++)
        {
            now += TimeSpan.FromTicks(random.Next(200_000));
            var packet = packets[random.Next(packets.Length)].ToArray();
            for (var flips = random.Next(4); flips > 0; flips--)
            {
                packet[random.Next(Math.Min(packet.Length, 60))] = (byte)random.Next(256);
            }

            var length = random.Chance(0.1) ? random.Next(packet.Length + 1) : packet.Length;
            if (random.Chance(0.5))
            {
                session.HandleRtcp(packet.AsSpan(0, length), now);
            }
            else
            {
                session.HandleRtp(packet.AsSpan(0, length), now, out _);
            }

            stream.TryWritePacket(_buffer, packet.AsSpan(0, Math.Min(length, 1000)), new PayloadType(118), (uint)i, false, now, out _);
            session.HandleTimeout(now);
            Drain(session);
        }

        Assert.That(session.ReceiveStreams, Has.Count.LessThanOrEqualTo(256));
    }

    private static RtpPacketView Parse(byte[] packet)
    {
        Assert.That(RtpPacketView.TryParse(packet, out var view), Is.True);
        return view;
    }

    private static RtpPayloadFormat[] Video()
    {
        const RtcpFeedbackKinds Feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.NackPli | RtcpFeedbackKinds.CcmFir | RtcpFeedbackKinds.TransportCc;
        return
        [
            Format(96), Retransmission(97, 96), Format(102), Retransmission(103, 102), Format(118), Retransmission(119, 118), Format(116),
        ];

        static RtpPayloadFormat Format(byte type) => new() { PayloadType = new(type), ClockRate = 90_000, Feedback = Feedback };

        static RtpPayloadFormat Retransmission(byte type, byte of) =>
            new() { PayloadType = new(type), ClockRate = 90_000, AssociatedPayloadType = new(of) };
    }

    private static RtpSession CreateSession()
    {
        var session = new RtpSession(new RtpSessionOptions { Cname = "replay" }, new SeededRandomSource(4));
        session.SetHeaderExtensions(
        [
            new(1, RtpHeaderExtensionUri.AudioLevel),
            new(2, RtpHeaderExtensionUri.AbsoluteSendTime),
            new(3, RtpHeaderExtensionUri.TransportSequenceNumber),
            new(4, RtpHeaderExtensionUri.Mid),
            new(10, RtpHeaderExtensionUri.RtpStreamId),
            new(11, RtpHeaderExtensionUri.RepairedRtpStreamId),
        ]);
        session.SetReceivers(
        [
            new RtpReceiverOptions { Mid = "0", PayloadTypes = [new() { PayloadType = new(111), ClockRate = 48_000, Feedback = RtcpFeedbackKinds.TransportCc }] },
            new RtpReceiverOptions { Mid = "1", PayloadTypes = Video(), ReducedSize = true },
        ]);
        return session;
    }

    private void Drain(RtpSession session)
    {
        var polls = 0;
        while (session.TryPollTransmit(_buffer.AsSpan(0, 1200), out var transmit))
        {
            Assert.That(transmit.Length, Is.InRange(1, 1200));
            Assert.That(++polls, Is.LessThan(2000));
        }

        while (session.TryPollEvent(out _))
        {
        }
    }
}
