using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Receive;
using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Rtp.Tests.Receive;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TransportFeedbackCollectorTests
{
    private readonly TransportFeedbackCollector _collector = new();
    private readonly byte[] _buffer = new byte[1200];

    [Test]
    public void Arrivals_and_gaps_are_reported_with_their_times()
    {
        Add(65_534, 1000);
        Add(65_535, 1001);
        Add(1, 1020);
        var statuses = Take(out var reference);
        Assert.That(reference, Is.EqualTo(1000 / 64));
        Assert.That(statuses.Select(s => s.SequenceNumber), Is.EqualTo(new ushort[] { 65_534, 65_535, 0, 1 }));
        Assert.That(statuses.Select(s => s.IsReceived), Is.EqualTo(new[] { true, true, false, true }));
        Assert.That(statuses.Select(s => (int)s.DeltaTicks), Is.EqualTo(new[] { (1000 * 4) - (1000 / 64 * 256), 4, 0, 76 }));
        Assert.That(_collector.HasNews, Is.False);
    }

    [Test]
    public void A_late_packet_is_reported_in_the_next_feedback()
    {
        Add(10, 0);
        Add(12, 1);
        Take(out _);
        Add(11, 5);
        Add(13, 6);
        Assert.That(Take(out _).Where(s => s.IsReceived).Select(s => s.SequenceNumber), Is.EqualTo(new ushort[] { 11, 12, 13 }));
    }

    [Test]
    public void A_duplicate_keeps_its_first_time()
    {
        Add(10, 0);
        Add(10, 50);
        Add(11, 51);
        Assert.That(Take(out _).Select(s => (int)s.DeltaTicks), Is.EqualTo(new[] { 0, 204 }));
    }

    [Test]
    public void A_pause_too_long_for_a_delta_starts_another_feedback()
    {
        Add(1, 0);
        Add(2, 20_000);
        Assert.That(Take(out _), Has.Count.EqualTo(1));
        Assert.That(_collector.HasNews, Is.True);
        Assert.That(Take(out var reference), Has.Count.EqualTo(1));
        Assert.That(reference, Is.EqualTo(20_000 / 64));
    }

    // security.md row 25.
    [Test]
    public void Wild_jumps_stay_bounded()
    {
        for (var i = 0; i < 100; i++)
        {
            Add((ushort)(i * 20_000), i);
        }

        var packets = 0;
        while (_collector.HasNews && packets < 1000)
        {
            _collector.Write(_buffer, new Ssrc(1));
            packets++;
        }

        Assert.That(packets, Is.LessThan(20));
    }

    private void Add(ushort number, int milliseconds) =>
        _collector.Add(number, new Ssrc(7), Instant.Zero + TimeSpan.FromMilliseconds(milliseconds));

    private List<TransportFeedbackStatus> Take(out int referenceTime)
    {
        var length = _collector.Write(_buffer, new Ssrc(1));
        Assert.That(RtcpCompound.TryParse(_buffer.AsSpan(0, length), out var compound), Is.True);
        var packets = compound.GetEnumerator();
        packets.MoveNext();
        Assert.That(TransportFeedback.TryParse(packets.Current, out var feedback), Is.True);
        referenceTime = feedback.ReferenceTimeTicks;
        var statuses = new List<TransportFeedbackStatus>();
        foreach (var status in feedback)
        {
            statuses.Add(status);
        }

        return statuses;
    }
}
