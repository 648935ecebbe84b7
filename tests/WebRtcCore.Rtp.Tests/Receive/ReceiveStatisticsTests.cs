using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Receive;
using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Rtp.Tests.Receive;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReceiveStatisticsTests
{
    private const int ClockRate = 90_000;
    private static readonly Ssrc Stream = new(1);
    private readonly ReceiveStatistics _statistics = new();
    private Instant _now = Instant.Zero + TimeSpan.FromSeconds(1);

    [Test]
    public void Nothing_is_lost_while_packets_come_in_order_across_the_wrap()
    {
        for (var i = 65_500; i < 65_600; i++)
        {
            Assert.That(Accept((ushort)i), Is.True);
        }

        var block = _statistics.TakeReportBlock(Stream, _now);
        Assert.That(block.CumulativeLost, Is.Zero);
        Assert.That(block.FractionLost, Is.Zero);
        Assert.That(block.ExtendedHighestSequenceNumber, Is.EqualTo(65_599));
    }

    [Test]
    public void Losses_are_counted_in_all_and_as_a_fraction_of_the_interval()
    {
        for (ushort i = 100; i < 200; i++)
        {
            if (i % 4 != 1)
            {
                Accept(i);
            }
        }

        var first = _statistics.TakeReportBlock(Stream, _now);
        Assert.That(first.CumulativeLost, Is.EqualTo(25));
        Assert.That(first.FractionLost, Is.EqualTo(64));
        for (ushort i = 200; i < 300; i++)
        {
            Accept(i);
        }

        var second = _statistics.TakeReportBlock(Stream, _now);
        Assert.That(second.CumulativeLost, Is.EqualTo(25));
        Assert.That(second.FractionLost, Is.Zero);
    }

    [Test]
    public void Late_packets_are_no_losses_and_duplicates_are_dropped()
    {
        foreach (var number in new ushort[] { 10, 12, 11, 14, 13 })
        {
            Assert.That(Accept(number), Is.True);
        }

        Assert.That(Accept(12), Is.False);
        Assert.That(Accept(14), Is.False);
        var stats = _statistics.ToStats();
        Assert.That(stats.PacketsLost, Is.Zero);
        Assert.That(stats.DuplicatesDiscarded, Is.EqualTo(2));
        Assert.That(stats.PacketsReceived, Is.EqualTo(5));
    }

    [Test]
    public void Packets_before_the_first_count_as_expected()
    {
        Accept(0);
        Accept(65_534);
        Assert.That(_statistics.ToStats().PacketsLost, Is.EqualTo(1));
        Accept(65_535);
        Assert.That(_statistics.ToStats().PacketsLost, Is.Zero);
    }

    [Test]
    public void Retransmissions_are_counted_apart_and_leave_the_loss_as_it_was()
    {
        Accept(1);
        Accept(3);
        Assert.That(Accept(2, isRetransmission: true), Is.True);
        Assert.That(Accept(2, isRetransmission: true), Is.False);
        var stats = _statistics.ToStats();
        Assert.That(stats.PacketsLost, Is.EqualTo(1));
        Assert.That(stats.RetransmittedPacketsReceived, Is.EqualTo(1));
        Assert.That(stats.PacketsReceived, Is.EqualTo(3));
    }

    [Test]
    public void A_source_that_starts_anew_is_followed_after_two_packets_in_a_row()
    {
        for (ushort i = 30_000; i < 30_010; i++)
        {
            Accept(i);
        }

        Assert.That(Accept(100), Is.False);
        Assert.That(TryAccept(101, false, out var extended), Is.True);
        Assert.That(Accept(102), Is.True);
        Assert.That((ushort)extended, Is.EqualTo(101));
        Assert.That(_statistics.ToStats().PacketsLost, Is.Zero);
    }

    [Test]
    public void A_stray_packet_far_away_changes_nothing()
    {
        Accept(30_000);
        Assert.That(Accept(100), Is.False);
        Assert.That(Accept(30_001), Is.True);
        Assert.That(Accept(20_000), Is.False);
        Assert.That(_statistics.TakeReportBlock(Stream, _now).ExtendedHighestSequenceNumber, Is.EqualTo(30_001));
    }

    [Test]
    public void Packets_in_step_with_their_timestamps_have_no_jitter()
    {
        for (ushort i = 0; i < 100; i++)
        {
            Accept(i, i * 3000u);
            _now += TimeSpan.FromTicks(TimeSpan.TicksPerSecond / 30);
        }

        Assert.That(_statistics.TakeReportBlock(Stream, _now).JitterTicks, Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void A_steady_alternation_converges_to_its_jitter()
    {
        for (ushort i = 0; i < 400; i++)
        {
            var late = i % 2 == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(10);
            var sent = _now;
            _now += late;
            Accept(i, i * 1800u);
            _now = sent + TimeSpan.FromMilliseconds(20);
        }

        Assert.That(_statistics.ToStats().Jitter.TotalMilliseconds, Is.EqualTo(10).Within(0.5));
    }

    [Test]
    public void A_sender_report_is_echoed_with_its_delay()
    {
        Accept(1);
        _statistics.OnSenderReport(new SenderReport { Ntp = new NtpTimestamp(0x1111_2222_3333_4444), PacketCount = 7 }, _now);
        var block = _statistics.TakeReportBlock(Stream, _now + TimeSpan.FromMilliseconds(500));
        Assert.That(block.LastSenderReport, Is.EqualTo(0x2222_3333));
        Assert.That(block.DelaySinceLastSenderReport, Is.EqualTo(0x8000));
        Assert.That(_statistics.ToStats().RemotePacketsSent, Is.EqualTo(7));
    }

    private bool Accept(ushort sequenceNumber, uint timestamp = 0, bool isRetransmission = false) =>
        TryAccept(sequenceNumber, isRetransmission, out _, timestamp);

    private bool TryAccept(ushort sequenceNumber, bool isRetransmission, out long extended, uint timestamp = 0)
    {
        Assert.That(RtpPacketView.TryParse(TestPackets.Rtp(Stream.Value, 96, sequenceNumber, timestamp), out var packet), Is.True);
        return _statistics.TryAccept(packet, ClockRate, isRetransmission ? PacketOrigin.Retransmission : PacketOrigin.Original, _now, out extended);
    }
}
