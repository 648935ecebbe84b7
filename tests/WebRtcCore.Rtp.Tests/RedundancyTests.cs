using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Tests;

/// <summary>RED, ULPFEC and FlexFEC between two sessions: what is sent follows the loss, and what was lost comes back without being asked for.</summary>
public sealed class RedundancyTests
{
    private const RtcpFeedbackKinds Feedback = RtcpFeedbackKinds.TransportCc;

    private static RtpPayloadFormat[] Audio(bool isPreferred)
    {
        var opus = new RtpPayloadFormat { PayloadType = new(111), MimeType = "audio/opus", ClockRate = 48_000, Feedback = Feedback };
        var red = new RtpPayloadFormat { PayloadType = new(63), MimeType = "audio/red", ClockRate = 48_000 };
        return isPreferred ? [red, opus] : [opus, red];
    }

    private static RtpPayloadFormat[] Video(bool isFlexFec, bool hasNack = false, string codec = "video/VP8")
    {
        RtpPayloadFormat[] media =
        [
            new() { PayloadType = new(96), MimeType = codec, ClockRate = 90_000, Feedback = Feedback | (hasNack ? RtcpFeedbackKinds.Nack : 0) },
            new() { PayloadType = new(97), MimeType = "video/rtx", ClockRate = 90_000, AssociatedPayloadType = new(96) },
        ];
        return isFlexFec
            ? [.. media, new() { PayloadType = new(35), MimeType = "video/flexfec-03", ClockRate = 90_000 }]
            : [.. media, new() { PayloadType = new(116), MimeType = "video/red", ClockRate = 90_000 }, new() { PayloadType = new(118), MimeType = "video/ulpfec", ClockRate = 90_000 }];
    }

    [Test]
    public void Audio_that_prefers_red_gets_every_single_loss_back_from_the_next_packet()
    {
        var pair = new SessionPair(Audio(isPreferred: true));
        var stream = AddStream(pair, isAudio: true);
        var count = 0;
        pair.Drop = (fromA, isRtcp, _) => fromA && !isRtcp && count++ % 4 == 2;
        SendAudio(pair, stream, 200);
        Assert.That(pair.RecoveredByB, Has.Count.EqualTo(50));
        Assert.That(pair.ReceivedByB.Order(), Is.EqualTo(Enumerable.Range(0, 200).Select(i => pair.ReceivedByB.Min() + i)));
        Assert.That(pair.TypesReceivedByB, Is.EqualTo(new byte[] { 111 }), "Redundancy is opened before the application sees a packet.");
        foreach (var (payload, number) in pair.PayloadsReceivedByB.Zip(pair.ReceivedByB))
        {
            Assert.That(payload, Is.EqualTo(AudioPayload((int)(number - pair.ReceivedByB.Min()))));
        }

        var stats = pair.B.ReceiveStreams[0].GetStats();
        Assert.That((stats.PacketsRecovered, stats.PacketsReceived, stats.PacketsLost), Is.EqualTo((50L, 150L, 50L)), "What is lost is reported all the same.");
    }

    [Test]
    public void Audio_sends_redundancy_only_while_the_peer_reports_losses_and_more_of_it_when_they_are_heavy()
    {
        var pair = new SessionPair(Audio(isPreferred: false));
        var stream = AddStream(pair, isAudio: true);
        SendAudio(pair, stream, 200);
        Assert.That(stream.GetStats().BytesSent, Is.EqualTo(200 * 60), "Nothing is lost, nothing is repeated.");

        var random = new Random(5);
        pair.Drop = (fromA, isRtcp, _) => fromA && !isRtcp && random.NextDouble() < 0.2;
        SendAudio(pair, stream, 200);
        var before = pair.RecoveredByB.Count;
        var lost = pair.B.ReceiveStreams[0].GetStats().PacketsLost;
        SendAudio(pair, stream, 1000);
        var recovered = (pair.RecoveredByB.Count - before) / (double)(pair.B.ReceiveStreams[0].GetStats().PacketsLost - lost);
        Assert.That(recovered, Is.GreaterThan(0.9), "Two older frames in each packet: only three losses in a row lose something.");

        pair.Drop = static (_, _, _) => false;
        SendAudio(pair, stream, 2000);
        Assert.That(pair.TypesReceivedByB, Is.EqualTo(new byte[] { 111 }));
        var size = stream.GetStats().BytesSent;
        SendAudio(pair, stream, 100);
        Assert.That(stream.GetStats().BytesSent - size, Is.EqualTo(100 * 60), "And back to nothing.");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Video_gets_most_losses_back_without_retransmissions(bool isFlexFec)
    {
        var pair = new SessionPair(Video(isFlexFec));
        var stream = AddStream(pair, isAudio: false);
        SendVideo(pair, stream, 60);
        Assert.That(stream.GetStats().FecPacketsSent, Is.Zero);
        Assert.That(stream.ProtectionOverhead, Is.Zero);

        var random = new Random(5);
        pair.Drop = (fromA, isRtcp, _) => fromA && !isRtcp && random.NextDouble() < 0.05;
        SendVideo(pair, stream, 90);
        Assert.That(stream.ProtectionOverhead, Is.GreaterThan(0));
        var (sent, before, lost) = (stream.GetStats(), pair.RecoveredByB.Count, 0);
        pair.Drop = (fromA, isRtcp, packet) =>
        {
            var isLost = fromA && !isRtcp && random.NextDouble() < 0.05;
            lost += isLost && packet.Length > 400 && (packet[1] & 0x7F) is 96 or 116 && !IsRepair(packet) ? 1 : 0;
            return isLost;
        };
        SendVideo(pair, stream, 600);
        var now = stream.GetStats();
        var overhead = (now.FecPacketsSent - sent.FecPacketsSent) / (600.0 * 5);
        var share = (pair.RecoveredByB.Count - before) / (double)lost;
        TestContext.Out.WriteLine($"{overhead:P0} more packets, {share:P0} of {lost} losses recovered");
        Assert.That(overhead, Is.InRange(0.08, 0.3));
        Assert.That(share, Is.GreaterThan(0.6));
        Assert.That(pair.TypesReceivedByB, Is.EqualTo(new byte[] { 96 }));
        var stats = pair.B.ReceiveStreams[0].GetStats();
        Assert.That(stats.FecPacketsReceived, Is.GreaterThan(0));
        Assert.That(pair.B.ReceiveStreams, Has.Count.EqualTo(1), "Repair packets are no stream of their own to the application.");
        Assert.That(pair.ReceivedByB, Is.Unique);
    }

    [Test]
    public void What_is_lost_together_with_its_repair_packets_is_still_retransmitted_and_without_redundancy()
    {
        var pair = new SessionPair(Video(isFlexFec: false, hasNack: true));
        var stream = AddStream(pair, isAudio: false);
        var random = new Random(9);
        pair.Drop = (fromA, isRtcp, _) => fromA && !isRtcp && random.NextDouble() < 0.1;
        SendVideo(pair, stream, 300);
        pair.Drop = static (_, _, _) => false;
        SendVideo(pair, stream, 2);
        var stats = pair.B.ReceiveStreams[0].GetStats();
        Assert.That(stats.RetransmittedPacketsReceived, Is.GreaterThan(0));
        Assert.That(stats.PacketsRecovered, Is.GreaterThan(0));
        var payloads = pair.PayloadsReceivedByB.Select(p => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(p)).ToHashSet();
        Assert.That(payloads, Has.Count.EqualTo(302 * 5), "Every packet came, by whatever way.");
    }

    [TestCase("video/VP8", true, false, true)]
    [TestCase("video/VP9", true, false, true)]
    [TestCase("video/H264", true, false, false)]
    [TestCase("video/AV1", true, false, false)]
    [TestCase("video/H264", false, false, true)]
    [TestCase("video/AV1", true, true, true)]
    public void Repair_packets_in_the_stream_leave_where_pictures_are_numbered_or_nothing_lost_is_waited_for(string codec, bool hasNack, bool isFlexFec, bool areSent)
    {
        var pair = new SessionPair(Video(isFlexFec, hasNack, codec));
        var stream = AddStream(pair, isAudio: false);
        var random = new Random(9);
        pair.Drop = (fromA, isRtcp, _) => fromA && !isRtcp && random.NextDouble() < 0.1;
        SendVideo(pair, stream, 120);
        Assert.That(stream.GetStats().FecPacketsSent > 0, Is.EqualTo(areSent));
        Assert.That(stream.ProtectionOverhead > 0, Is.EqualTo(areSent));
        Assert.That(pair.TypesReceivedByB, Is.EqualTo(new byte[] { 96 }));
    }

    [Test]
    public void A_lost_repair_packet_between_two_pictures_is_never_asked_for()
    {
        var pair = new SessionPair(Video(isFlexFec: false, hasNack: true));
        var stream = AddStream(pair, isAudio: false);
        var random = new Random(9);
        var media = 0;
        pair.Drop = (fromA, isRtcp, packet) =>
        {
            var isLost = fromA && !isRtcp && (IsRepair(packet) || random.NextDouble() < 0.1);
            media += isLost && !IsRepair(packet) ? 1 : 0;
            return isLost;
        };
        for (var picture = 0; picture < 300; picture++)
        {
            var timestamp = (uint)(pair.Clock.Elapsed.Ticks * 9 / 1000);
            for (var i = 0; i < 5; i++)
            {
                var payload = new byte[500];
                Vp8PayloadDescriptor.Write(payload, isFrameStart: i == 0, picture);
                pair.SendPayload(stream, payload, timestamp, marker: i == 4);
            }

            pair.Run(TimeSpan.FromMilliseconds(33));
        }

        pair.Run(TimeSpan.FromSeconds(1));
        var (sent, stats) = (stream.GetStats(), pair.B.ReceiveStreams[0].GetStats());
        TestContext.Out.WriteLine($"{media} media packets lost, all of {sent.FecPacketsSent} repair packets, {stats.NackCount} NACKs");
        Assert.That(sent.FecPacketsSent, Is.GreaterThan(100));
        Assert.That(stats.NackCount, Is.LessThan(1.3 * media), "One for each loss, and one more for each request or answer that is lost.");
        Assert.That(stats.RetransmittedPacketsReceived, Is.GreaterThan(media / 2));
    }

    private static bool IsRepair(byte[] packet) => RtpPacketView.TryParse(packet, out var view) && view.PayloadType.Value == 116 && view.Payload[0] == 118;

    private static RtpSendStream AddStream(SessionPair pair, bool isAudio)
    {
        pair.B.SetReceivers([new RtpReceiverOptions { Mid = "v", PayloadTypes = pair.Formats, ReducedSize = true }]);
        return pair.A.AddSendStream(new RtpSendStreamOptions
        {
            Ssrc = new Ssrc(0x100),
            RetransmissionSsrc = isAudio ? null : new Ssrc(0x101),
            FecSsrc = isAudio ? null : new Ssrc(0x102),
            Mid = "v",
            PayloadTypes = pair.Formats,
            IsAudio = isAudio,
        });
    }

    private static byte[] AudioPayload(int number)
    {
        var payload = new byte[60];
        new Random(number).NextBytes(payload);
        return payload;
    }

    private static void SendAudio(SessionPair pair, RtpSendStream stream, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var number = (int)stream.GetStats().PacketsSent;
            pair.SendPayload(stream, AudioPayload(number), (uint)(number * 960), marker: false, payloadType: 111);
            pair.Run(TimeSpan.FromMilliseconds(20));
        }

        pair.Run(pair.Delay);
    }

    private static void SendVideo(SessionPair pair, RtpSendStream stream, int frames)
    {
        for (var frame = 0; frame < frames; frame++)
        {
            var timestamp = (uint)(pair.Clock.Elapsed.Ticks * 9 / 1000);
            for (var i = 0; i < 5; i++)
            {
                var payload = new byte[500 + (i * 50)];
                System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(payload, pair.NextNumber++);
                pair.SendPayload(stream, payload, timestamp, marker: i == 4);
            }

            pair.Run(TimeSpan.FromMilliseconds(33));
        }

        pair.Run(TimeSpan.FromMilliseconds(300));
    }
}
