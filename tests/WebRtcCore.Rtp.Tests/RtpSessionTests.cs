using WebRtcCore.Primitives;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Rtp.Rtcp;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests;

public sealed class RtpSessionTests
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(10);

    [Test]
    public void Packets_arrive_with_their_stream_and_both_sides_count_the_same()
    {
        var pair = new SessionPair();
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        pair.Stream(stream, 300, Frame);
        pair.Run(TimeSpan.FromSeconds(2));

        var added = pair.EventsOfB.Single(e => e.Kind == RtpEventKind.ReceiveStreamAdded).ReceiveStream!;
        Assert.That(added.Ssrc, Is.EqualTo(stream.Ssrc));
        Assert.That(added.Receiver.Handle, Is.EqualTo(3));
        var (sent, received) = (stream.GetStats(), added.GetStats());
        Assert.That(received.PacketsReceived, Is.EqualTo(300));
        Assert.That(sent.PacketsSent, Is.EqualTo(300));
        Assert.That(received.BytesReceived, Is.EqualTo(sent.BytesSent).And.EqualTo(300_000));
        Assert.That(received.HeaderBytesReceived, Is.EqualTo(sent.HeaderBytesSent));
        Assert.That(received.PacketsLost, Is.Zero);
        Assert.That(received.RemotePacketsSent, Is.EqualTo(300));
        Assert.That(received.RemoteBytesSent, Is.EqualTo(300_000));
        Assert.That(sent.RemotePacketsReceived, Is.EqualTo(300));
        Assert.That(pair.RetransmissionsOfA, Is.Zero);
    }

    [Test]
    public void The_round_trip_time_is_measured_from_reports()
    {
        var pair = new SessionPair { Delay = TimeSpan.FromMilliseconds(35) };
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        pair.Stream(stream, 500, Frame);
        Assert.That(stream.GetStats().RoundTripTime!.Value.TotalMilliseconds, Is.EqualTo(70).Within(0.1));
        Assert.That(pair.A.RoundTripTime.TotalMilliseconds, Is.EqualTo(70).Within(0.1));
        Assert.That(stream.GetStats().RoundTripTimeMeasurements, Is.GreaterThan(2));
    }

    [Test]
    public void Reports_go_out_about_once_a_second_at_random_times()
    {
        var pair = new SessionPair();
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        pair.Stream(stream, 6000, Frame);
        Assert.That(pair.Rtcp.Count(r => r is { FromA: true, Type: RtcpPacketType.SenderReport }), Is.InRange(50, 75));
        Assert.That(pair.Rtcp.Count(r => r is { FromA: false, Type: RtcpPacketType.ReceiverReport }), Is.InRange(50, 75));
        Assert.That(pair.Rtcp.Count(r => r is { FromA: true, Type: RtcpPacketType.SourceDescription }), Is.InRange(50, 75));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Lost_packets_are_asked_for_and_sent_again(bool withRetransmissions)
    {
        var pair = new SessionPair(withRetransmissions: withRetransmissions);
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        var random = new SeededRandomSource(5);
        pair.Stream(stream, 20, Frame);
        pair.Drop = (_, _, _) => random.Chance(0.1);
        pair.Stream(stream, 1000, Frame);
        pair.Drop = static (_, _, _) => false;
        pair.Stream(stream, 20, Frame);
        pair.Run(TimeSpan.FromSeconds(3));

        Assert.That(pair.ReceivedByB, Is.Unique.And.Count.EqualTo(1040));
        Assert.That(pair.RetransmissionsOfA, Is.InRange(80, 250));
        var stats = pair.B.ReceiveStreams.Single().GetStats();
        var sent = stream.GetStats();
        Assert.That(sent.RetransmittedPacketsSent, Is.EqualTo(pair.RetransmissionsOfA));
        Assert.That(sent.NackCount, Is.Positive);
        Assert.That(stats.NackCount, Is.Positive);
        if (withRetransmissions)
        {
            Assert.That(stats.RetransmittedPacketsReceived, Is.InRange(80, 130));
            Assert.That(stats.PacketsLost, Is.EqualTo(stats.RetransmittedPacketsReceived));
            Assert.That(sent.RemotePacketsLost, Is.EqualTo(stats.PacketsLost));
        }
        else
        {
            Assert.That(stats.PacketsLost, Is.Zero);
        }
    }

    [Test]
    public void Retransmitted_packets_have_their_original_payload_and_number()
    {
        var pair = new SessionPair();
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        pair.Stream(stream, 20, Frame);
        var count = 0;
        pair.Drop = (fromA, isRtcp, _) => fromA && !isRtcp && count++ % 3 == 0;
        pair.Stream(stream, 60, Frame);
        pair.Run(TimeSpan.FromSeconds(1));
        for (var i = 0; i < pair.ReceivedByB.Count; i++)
        {
            var number = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(pair.PayloadsReceivedByB[i]);
            Assert.That((ushort)pair.ReceivedByB[i], Is.EqualTo(number));
        }

        Assert.That(pair.ReceivedByB.Order(), Is.EqualTo(Enumerable.Range(0, pair.ReceivedByB.Count).Select(i => pair.ReceivedByB.Min() + i)));
    }

    [Test]
    public void Simulcast_streams_are_told_apart_by_rid_and_repaired_by_repaired_rid()
    {
        var pair = new SessionPair();
        pair.SetReceiver("hi", "lo");
        var high = pair.AddVideoStream(0x100, "hi");
        var low = pair.AddVideoStream(0x200, "lo");
        var random = new SeededRandomSource(8);
        pair.Drop = (fromA, isRtcp, _) => fromA && !isRtcp && random.Chance(0.1);
        for (var i = 0; i < 200; i++)
        {
            pair.Send(high);
            pair.Send(low);
            pair.Run(Frame);
        }

        pair.Drop = static (_, _, _) => false;
        pair.Stream(high, 10, Frame);
        pair.Stream(low, 10, Frame);
        pair.Run(TimeSpan.FromSeconds(3));
        Assert.That(pair.B.ReceiveStreams.Select(s => s.Rid).Order(), Is.EqualTo(new[] { "hi", "lo" }));
        foreach (var stream in pair.B.ReceiveStreams)
        {
            Assert.That(stream.GetStats().PacketsReceived, Is.EqualTo(210).Within(1));
            Assert.That(stream.GetStats().RetransmittedPacketsReceived, Is.Positive);
        }
    }

    [Test]
    public void Mid_and_rid_are_sent_until_the_peer_has_reported_on_the_stream()
    {
        var pair = new SessionPair();
        pair.SetReceiver("hi");
        var stream = pair.AddVideoStream(rid: "hi");
        var withMid = new List<bool>();
        pair.Drop = (fromA, isRtcp, packet) =>
        {
            if (fromA && !isRtcp)
            {
                Assert.That(RtpPacketView.TryParse(packet, out var view), Is.True);
                Assert.That(view.TryGetExtension(3, out _) && view.TryGetExtension(2, out _), Is.True);
                withMid.Add(view.TryGetExtension(4, out _) && view.TryGetExtension(10, out _));
            }

            return false;
        };
        pair.Stream(stream, 300, Frame);
        Assert.That(withMid[0], Is.True);
        Assert.That(withMid[^1], Is.False);
        Assert.That(withMid.LastIndexOf(true), Is.LessThan(withMid.IndexOf(false)));
    }

    [Test]
    public void Transport_feedback_tells_the_sender_what_arrived()
    {
        var pair = new SessionPair();
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        var count = 0;
        pair.Drop = (fromA, isRtcp, _) => fromA && !isRtcp && ++count % 5 == 0;
        pair.Stream(stream, 500, Frame);
        pair.Drop = static (_, _, _) => false;
        pair.Stream(stream, 10, Frame);
        pair.Run(TimeSpan.FromSeconds(1));
        var feedback = pair.EventsOfA.Where(e => e.Kind == RtpEventKind.TransportFeedbackReceived).ToList();
        Assert.That(feedback, Has.Count.InRange(40, 65));
        Assert.That(feedback.Sum(e => e.PacketsLost), Is.EqualTo((510 + pair.RetransmissionsOfA) / 5.0).Within(10));
        Assert.That(feedback.Sum(e => e.PacketsReceived + e.PacketsLost), Is.EqualTo(510 + pair.RetransmissionsOfA).Within(1));
    }

    [Test]
    public void Without_transport_cc_no_feedback_is_sent()
    {
        var pair = new SessionPair(RtcpFeedbackKinds.NackPli);
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        pair.Drop = (fromA, isRtcp, packet) => fromA && !isRtcp && packet[3] % 4 == 0;
        pair.Stream(stream, 200, Frame);
        Assert.That(pair.Rtcp.Any(r => r.Type == RtcpPacketType.TransportLayerFeedback), Is.False);
        Assert.That(pair.RetransmissionsOfA, Is.Zero);
    }

    [TestCase(RtcpFeedbackKinds.NackPli, 1)]
    [TestCase(RtcpFeedbackKinds.CcmFir, 4)]
    [TestCase(RtcpFeedbackKinds.CcmFir | RtcpFeedbackKinds.NackPli, 1)]
    public void A_request_for_a_key_frame_reaches_the_sender(RtcpFeedbackKinds feedback, int format)
    {
        var pair = new SessionPair(feedback);
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        pair.Stream(stream, 10, Frame);
        pair.Run(TimeSpan.FromMilliseconds(100));
        pair.B.RequestKeyFrame("v", null, pair.Clock.Now);
        pair.Run(TimeSpan.FromMilliseconds(50));
        Assert.That(pair.Rtcp.Where(r => r.Type == RtcpPacketType.PayloadSpecificFeedback), Is.EqualTo(new[] { (false, RtcpPacketType.PayloadSpecificFeedback, format) }));
        Assert.That(pair.EventsOfA.Single(e => e.Kind == RtpEventKind.KeyFrameRequested).SendStream, Is.SameAs(stream));
        Assert.That(stream.GetStats().PliCount + stream.GetStats().FirCount, Is.EqualTo(1));
    }

    [Test]
    public void Without_a_way_to_ask_no_request_for_a_key_frame_stays_pending()
    {
        var pair = new SessionPair(RtcpFeedbackKinds.None);
        pair.SetReceiver();
        pair.Stream(pair.AddVideoStream(), 10, Frame);
        pair.B.RequestKeyFrame("v", null, pair.Clock.Now);
        pair.Run(TimeSpan.FromMilliseconds(50));
        Assert.That(pair.B.ReceiveStreams[0].KeyFrames.IsPending, Is.False);
        Assert.That(pair.Rtcp.Any(r => r.Type == RtcpPacketType.PayloadSpecificFeedback), Is.False);
    }

    [Test]
    public void A_renegotiated_stream_goes_on_with_its_numbers()
    {
        var pair = new SessionPair();
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        pair.Stream(stream, 10, Frame);
        var next = stream.NextSequenceNumber;
        pair.A.UpdateSendStream(stream, stream.Options with { Cname = "other" });
        Assert.That(stream.NextSequenceNumber, Is.EqualTo(next));
        Assert.That(() => pair.A.UpdateSendStream(stream, stream.Options with { Ssrc = new Ssrc(9) }), Throws.ArgumentException);
        pair.Stream(stream, 10, Frame);
        pair.Run(TimeSpan.FromMilliseconds(100));
        Assert.That(pair.ReceivedByB, Is.Unique.And.Count.EqualTo(20));
    }

    // security.md row 25.
    [Test]
    public void Requests_for_key_frames_are_limited_in_rate_on_both_sides()
    {
        var pair = new SessionPair();
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        pair.Stream(stream, 10, Frame);
        pair.Run(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 300; i++)
        {
            pair.B.RequestKeyFrame(pair.B.ReceiveStreams[0], pair.Clock.Now);
            pair.Run(Frame);
        }

        Assert.That(pair.B.ReceiveStreams[0].GetStats().PliCount, Is.InRange(9, 11));
        var storm = new byte[12 * 50];
        for (var i = 0; i < 50; i++)
        {
            var writer = new SpanWriter(storm.AsSpan(i * 12));
            new PictureLossIndication(new Ssrc(1), stream.Ssrc).Write(ref writer);
        }

        pair.EventsOfA.Clear();
        for (var i = 0; i < 300; i++)
        {
            pair.A.HandleRtcp(storm, pair.Clock.Now);
            pair.Run(Frame);
        }

        Assert.That(pair.EventsOfA.Count(e => e.Kind == RtpEventKind.KeyFrameRequested), Is.InRange(9, 12));
    }

    // security.md row 25.
    [Test]
    public void A_storm_of_nacks_costs_a_bounded_number_of_retransmissions()
    {
        var pair = new SessionPair();
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        var first = stream.NextSequenceNumber;
        pair.Stream(stream, 400, TimeSpan.FromMilliseconds(1));
        var numbers = Enumerable.Range(first, 400).Select(n => (ushort)n).ToArray();
        var nack = new byte[GenericNack.GetEncodedLength(numbers)];
        var writer = new SpanWriter(nack);
        GenericNack.Write(ref writer, new Ssrc(1), stream.Ssrc, numbers);
        for (var i = 0; i < 1000; i++)
        {
            pair.A.HandleRtcp(nack, pair.Clock.Now);
            pair.Run(TimeSpan.FromMilliseconds(1));
        }

        // The bucket, half of the media and a second of the constant rate: about 128 + 200 + 16 KB.
        Assert.That(pair.RetransmissionsOfA, Is.LessThan(360));
        Assert.That(stream.GetStats().RetransmissionsRefused, Is.GreaterThan(100_000));
        Assert.That(pair.ReceivedByB, Is.Unique.And.Count.EqualTo(400));
    }

    // security.md row 25.
    [Test]
    public void Feedback_about_packets_never_sent_counts_nothing()
    {
        var pair = new SessionPair();
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        pair.Stream(stream, 5, Frame);
        pair.Run(TimeSpan.FromSeconds(1));
        pair.EventsOfA.Clear();
        var lies = Convert.FromHexString("8FCD0006" + "1122334400000100" + "8000FFFF00000402" + "1FFF1FFF" + "1FFF1FFF");
        lies = [.. lies[..^8], .. Convert.FromHexString("1FFF1FFF1FFF1FFF1FFF1FFF1FFF1FFF1FFF1FFF")];
        lies[3] = (byte)((lies.Length / 4) - 1);
        pair.A.HandleRtcp(lies, pair.Clock.Now);
        pair.Settle();
        Assert.That(pair.EventsOfA, Is.Empty);
        Assert.That(pair.A.NextTimeout, Is.Not.Null);
    }

    [Test]
    public void A_removed_stream_says_goodbye_and_ends_at_the_peer()
    {
        var pair = new SessionPair();
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        pair.Stream(stream, 10, Frame);
        pair.A.RemoveSendStream(stream, pair.Clock.Now);
        pair.Run(TimeSpan.FromMilliseconds(100));
        Assert.That(pair.A.SendStreams, Is.Empty);
        Assert.That(pair.B.ReceiveStreams, Is.Empty);
        Assert.That(pair.EventsOfB[^1].Kind, Is.EqualTo(RtpEventKind.ReceiveStreamRemoved));
        Assert.That(pair.Rtcp.Any(r => r is { FromA: true, Type: RtcpPacketType.Goodbye, Count: 1 }), Is.True);
    }

    [Test]
    public void An_ssrc_cannot_be_taken_twice()
    {
        var pair = new SessionPair();
        pair.AddVideoStream(0x100);
        Assert.That(() => pair.AddVideoStream(0x100), Throws.ArgumentException);
        Assert.That(() => pair.AddVideoStream(0x101), Throws.ArgumentException);
        Assert.That(() => pair.AddVideoStream(0xFF), Throws.ArgumentException);
        Assert.That(pair.A.CreateSsrc(), Is.Not.EqualTo(new Ssrc(0x100)));
    }

    [Test]
    public void A_payload_type_that_was_not_agreed_cannot_be_sent()
    {
        var pair = new SessionPair();
        var stream = pair.AddVideoStream();
        Assert.That(
            () => stream.TryWritePacket(new byte[1200], [1], new PayloadType(100), 0, false, pair.Clock.Now, out _),
            Throws.ArgumentException);
    }

    [Test]
    public void A_packet_that_does_not_fit_uses_up_no_number()
    {
        var pair = new SessionPair();
        var stream = pair.AddVideoStream();
        var next = stream.NextSequenceNumber;
        Assert.That(stream.TryWritePacket(new byte[100], new byte[100], new PayloadType(96), 0, false, pair.Clock.Now, out var length), Is.False);
        Assert.That(length, Is.Zero);
        Assert.That(stream.NextSequenceNumber, Is.EqualTo(next));
        Assert.That(stream.GetStats().PacketsSent, Is.Zero);
    }

    [Test]
    public void The_application_can_give_header_extensions_along()
    {
        var pair = new SessionPair();
        var stream = pair.AddVideoStream();
        var buffer = new byte[1200];
        var extensions = new RtpOutgoingExtensions { AudioLevel = new AudioLevel(true, 30), VideoOrientation = new VideoOrientation(90) };
        Assert.That(stream.TryWritePacket(buffer, [1], new PayloadType(96), 0, false, extensions, pair.Clock.Now, out var length), Is.True);
        Assert.That(RtpPacketView.TryParse(buffer.AsSpan(0, length), out var view), Is.True);
        Assert.That(view.TryGetExtension(1, out var level), Is.True);
        Assert.That(level.ToArray(), Is.EqualTo(new byte[] { 0x80 | 30 }));
    }

    [Test]
    public void Nothing_is_pending_in_a_session_without_packets()
    {
        var pair = new SessionPair();
        pair.SetReceiver();
        pair.AddVideoStream();
        Assert.That(pair.A.NextTimeout, Is.Null);
        Assert.That(pair.B.NextTimeout, Is.Null);
    }

    [Test]
    public void A_reference_time_is_answered_and_gives_a_receiver_the_round_trip_time()
    {
        var pair = new SessionPair(RtcpFeedbackKinds.Nack) { Delay = TimeSpan.FromMilliseconds(15) };
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        pair.Stream(stream, 500, Frame);
        Assert.That(pair.B.RoundTripTime.TotalMilliseconds, Is.EqualTo(30).Within(0.1));
        var received = pair.B.ReceiveStreams.Single().GetStats();
        Assert.That(received.RoundTripTime!.Value.TotalMilliseconds, Is.EqualTo(30).Within(0.1));
        Assert.That(received.RoundTripTimeMeasurements, Is.GreaterThan(2));
        Assert.That(received.TotalRoundTripTime.TotalMilliseconds, Is.EqualTo(30 * received.RoundTripTimeMeasurements).Within(1));
    }

    [Test]
    public void Without_reduced_size_feedback_follows_a_report_and_the_name()
    {
        var sent = FeedbackOf(isReducedSize: false);
        var feedback = Enumerable.Range(0, sent.Count).Where(i => IsFeedback(sent[i].Type)).ToArray();

        Assert.That(feedback, Has.Length.GreaterThan(10));
        foreach (var i in feedback.Where(i => !IsFeedback(sent[i - 1].Type)))
        {
            Assert.That((sent[i - 2].Type, sent[i - 1].Type), Is.EqualTo((RtcpPacketType.ReceiverReport, RtcpPacketType.SourceDescription)));
        }
    }

    [Test]
    public void With_reduced_size_feedback_goes_alone()
    {
        var sent = FeedbackOf(isReducedSize: true);

        Assert.That(sent.Count(p => p.Type == RtcpPacketType.ReceiverReport), Is.LessThanOrEqualTo(5), "one a second");
        Assert.That(sent.Count(p => IsFeedback(p.Type)), Is.GreaterThan(10));
    }

    private static bool IsFeedback(RtcpPacketType type) => type is RtcpPacketType.TransportLayerFeedback or RtcpPacketType.PayloadSpecificFeedback;

    // RTCP of a receiver that loses packets, asks for a key frame, and tells when packets came in, for 3 s.
    private static List<(bool FromA, RtcpPacketType Type, int Count)> FeedbackOf(bool isReducedSize)
    {
        var pair = new SessionPair();
        pair.B.SetReceivers([new RtpReceiverOptions { Mid = "v", Handle = 3, PayloadTypes = pair.Formats, ReducedSize = isReducedSize }]);
        var stream = pair.AddVideoStream();
        var count = 0;
        pair.Drop = (fromA, isRtcp, _) => fromA && !isRtcp && count++ % 10 == 5;
        pair.Stream(stream, 50, Frame);
        pair.B.RequestKeyFrame(pair.B.ReceiveStreams[0], pair.Clock.Now);
        pair.Stream(stream, 50, Frame);
        return [.. pair.Rtcp.Where(p => !p.FromA)];
    }

    // security.md row 24.
    [Test]
    public void Malformed_rtcp_changes_nothing()
    {
        var pair = new SessionPair();
        Assert.That(pair.A.HandleRtcp([0x80, 0xC8, 0, 9], pair.Clock.Now), Is.False);
        Assert.That(pair.A.HandleRtp(new byte[5], pair.Clock.Now, out _), Is.False);
        Assert.That(pair.A.Counters.MalformedPackets, Is.EqualTo(2));
    }
}
