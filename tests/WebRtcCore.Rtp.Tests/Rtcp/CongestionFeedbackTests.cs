using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Receive;
using WebRtcCore.Rtp.Rtcp;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests.Rtcp;

/// <summary>RFC 8888: what the collector writes, the view reads; and congestion control on nothing else.</summary>
public sealed class CongestionFeedbackTests
{
    private static readonly NtpTimestamp Ntp = new(0x1234_5678_9ABC_DEF0);

    [Test]
    public void Says_of_each_stream_which_packets_came_and_how_long_ago()
    {
        var collector = new ArrivalCollector();
        var start = VirtualClock.Start;
        collector.Add(new Ssrc(1), 0xFFFE, start);
        collector.Add(new Ssrc(1), 0xFFFF, start + TimeSpan.FromMilliseconds(10));
        collector.Add(new Ssrc(1), 1, start + TimeSpan.FromMilliseconds(20));
        collector.Add(new Ssrc(2), 7, start + TimeSpan.FromMilliseconds(30));
        var feedback = Write(collector, start + TimeSpan.FromMilliseconds(1020));
        Assert.That(feedback.Select(r => (r.Ssrc, r.Number, r.Report.IsReceived)), Is.EqualTo(new[]
        {
            (1u, (ushort)0xFFFE, true), (1u, (ushort)0xFFFF, true), (1u, (ushort)0, false), (1u, (ushort)1, true), (2u, (ushort)7, true),
        }));
        Assert.That(feedback[3].Report.OffsetTicks, Is.EqualTo(1024));
        Assert.That(feedback[0].Report.OffsetTicks, Is.EqualTo(1044));
        Assert.That(collector.HasNews, Is.False);
    }

    [Test]
    public void A_packet_that_comes_late_is_reported_with_the_next_feedback()
    {
        var collector = new ArrivalCollector();
        var now = VirtualClock.Start;
        collector.Add(new Ssrc(1), 10, now);
        collector.Add(new Ssrc(1), 12, now);
        Write(collector, now);
        collector.Add(new Ssrc(1), 11, now + TimeSpan.FromMilliseconds(50));
        var feedback = Write(collector, now + TimeSpan.FromMilliseconds(100));
        Assert.That(feedback.Where(r => r.Report.IsReceived).Select(r => (int)r.Number), Does.Contain(11));
    }

    [Test]
    public void What_is_kept_and_written_is_bounded()
    {
        var collector = new ArrivalCollector();
        var now = VirtualClock.Start;
        for (var i = 0; i < 100_000; i++)
        {
            collector.Add(new Ssrc((uint)(i % 200)), (ushort)(i * 7), now);
        }

        var packets = 0;
        while (collector.HasNews && packets < 1000)
        {
            packets++;
            Assert.That(Write(collector, now), Is.Not.Empty);
        }

        Assert.That(packets, Is.LessThan(1000));
    }

    [Test]
    public void Offsets_too_large_to_say_are_marked()
    {
        Assert.That(CongestionFeedbackReport.Received(TimeSpan.FromSeconds(60)).OffsetTicks, Is.EqualTo(CongestionFeedbackReport.OffsetTooLarge));
        Assert.That(CongestionFeedbackReport.Received(TimeSpan.FromSeconds(-1)).OffsetTicks, Is.Zero);
        Assert.That(CongestionFeedbackReport.NotReceived.IsReceived, Is.False);
    }

    [Test]
    public void Counts_that_do_not_fit_are_refused()
    {
        var collector = new ArrivalCollector();
        collector.Add(new Ssrc(1), 1, VirtualClock.Start);
        var bytes = new byte[1000];
        var length = collector.Write(bytes, new Ssrc(9), Ntp, VirtualClock.Start);
        bytes[14] = 0x40; // num_reports, high byte
        Assert.That(RtcpCompound.TryParse(bytes.AsSpan(0, length), out var compound), Is.True);
        foreach (var packet in compound)
        {
            Assert.That(CongestionFeedback.TryParse(packet, out _), Is.False);
        }
    }

    [Test]
    public void The_sender_adapts_on_nothing_but_this_feedback()
    {
        var pair = new SessionPair(RtcpFeedbackKinds.AckCcfb, withRetransmissions: false) { HasTransportNumbers = false };
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        pair.Stream(stream, 300, TimeSpan.FromMilliseconds(10));
        Assert.That(pair.Rtcp.Any(r => !r.FromA && r is { Type: RtcpPacketType.TransportLayerFeedback, Count: 11 }), Is.True);
        Assert.That(pair.EventsOfA.Where(e => e.Kind == RtpEventKind.TransportFeedbackReceived).Sum(e => e.PacketsReceived), Is.GreaterThan(280));
        Assert.That(pair.A.TargetBitrateBps, Is.Not.Null);
        var before = pair.A.TargetBitrateBps;

        // A queue that grows by 5 ms with each packet.
        var queue = pair.Delay;
        pair.DelayOf = () => queue += TimeSpan.FromMilliseconds(5);
        pair.Stream(stream, 200, TimeSpan.FromMilliseconds(10));
        Assert.That(pair.A.TargetBitrateBps, Is.LessThan(before), "The delay shows in the arrival times.");
    }

    [Test]
    public void A_packet_reported_lost_and_then_received_counts_once()
    {
        var pair = new SessionPair();
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        var count = 0;
        pair.DelayOf = () => pair.Delay + (count++ % 10 == 5 ? TimeSpan.FromMilliseconds(250) : TimeSpan.Zero);
        pair.Stream(stream, 200, TimeSpan.FromMilliseconds(10));
        pair.DelayOf = null;
        pair.Run(TimeSpan.FromSeconds(1));
        var events = pair.EventsOfA.Where(e => e.Kind == RtpEventKind.TransportFeedbackReceived).ToArray();
        Assert.That(events.Sum(e => e.PacketsLost), Is.Zero, "What is told of as lost first is taken back.");
    }

    private static List<(uint Ssrc, ushort Number, CongestionFeedbackReport Report)> Write(ArrivalCollector collector, Instant now)
    {
        var bytes = new byte[1150];
        var length = collector.Write(bytes, new Ssrc(9), Ntp, now);
        Assert.That(RtcpCompound.TryParse(bytes.AsSpan(0, length), out var compound), Is.True);
        var reports = new List<(uint, ushort, CongestionFeedbackReport)>();
        foreach (var packet in compound)
        {
            Assert.That(CongestionFeedback.TryParse(packet, out var feedback), Is.True);
            Assert.That((feedback.SenderSsrc, feedback.ReportTimestamp), Is.EqualTo((new Ssrc(9), 0x5678_9ABCu)));
            foreach (var stream in feedback)
            {
                for (var i = 0; i < stream.Count; i++)
                {
                    reports.Add((stream.Ssrc.Value, (ushort)(stream.BeginSequenceNumber + i), stream[i]));
                }
            }
        }

        return reports;
    }
}
