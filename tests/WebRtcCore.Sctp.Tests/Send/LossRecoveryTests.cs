using WebRtcCore.Sctp.Tests.Support;

namespace WebRtcCore.Sctp.Tests.Send;

/// <summary>What an association does about losses, seen from a peer that reports exactly what the test says. The path takes 50 ms.</summary>
public class LossRecoveryTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(50);

    [Test]
    public void Single_report_is_enough_once_reordering_cannot_explain_it()
    {
        var (peer, sent) = Sent(3000);
        peer.Advance(RoundTrip);
        peer.SendSack(sent[0].Tsn, ScriptedPeer.Window, (2, 2));
        Assert.That(peer.PollData(), Is.Empty);
        peer.Advance(RoundTrip / 4);
        Assert.That(peer.PollData().Select(data => data.Tsn), Is.EqualTo(new[] { sent[1].Tsn }));
        Assert.That(peer.Association.GetStatistics().RetransmissionTimeouts, Is.Zero);
    }

    [Test]
    public void Overtaken_fragment_that_comes_in_time_is_not_sent_again()
    {
        var (peer, sent) = Sent(3000);
        var window = peer.Association.GetStatistics().CongestionWindow;
        peer.Advance(RoundTrip);
        peer.SendSack(sent[0].Tsn, ScriptedPeer.Window, (2, 2));
        peer.Advance(RoundTrip / 8);
        peer.SendSack(sent[2].Tsn);
        peer.Advance(TimeSpan.FromSeconds(1));
        Assert.That(peer.PollData(), Is.Empty);
        Assert.That(peer.Association.GetStatistics().Retransmissions, Is.Zero);
        Assert.That(peer.Association.GetStatistics().CongestionWindow, Is.GreaterThanOrEqualTo(window));
    }

    [Test]
    public void Retransmission_that_is_lost_too_is_found_without_the_timer()
    {
        var (peer, sent) = Sent(8000);
        peer.Advance(RoundTrip);
        peer.SendSack(sent[0].Tsn, ScriptedPeer.Window, (2, 4));
        peer.Association.Send(1, new SctpSendParameters(53), Bytes.Random(1000), peer.Now);
        var first = peer.PollData();
        Assert.That(first[0].Tsn, Is.EqualTo(sent[1].Tsn));
        peer.Advance(RoundTrip);

        // What was sent together with it arrives.
        var last = first[^1].Tsn.DistanceFrom(sent[0].Tsn);
        Assert.That(last, Is.GreaterThan(4));
        peer.SendSack(sent[0].Tsn, ScriptedPeer.Window, (2, (ushort)last));
        var again = peer.PollData();
        peer.Advance(RoundTrip / 4);
        again.AddRange(peer.PollData());
        Assert.That(again.Select(data => data.Tsn), Does.Contain(sent[1].Tsn));
        Assert.That(peer.Association.GetStatistics().RetransmissionTimeouts, Is.Zero);
    }

    [Test]
    public void Lost_tail_is_probed_before_the_timer_expires_and_the_window_takes_note()
    {
        var (peer, sent) = Sent(5000);
        var window = peer.Association.GetStatistics().CongestionWindow;
        peer.Advance(RoundTrip * 2.01);
        var probe = peer.PollData().Single();
        Assert.That(probe.Tsn, Is.EqualTo(sent[^1].Tsn));
        Assert.That(probe.Flags & 0x08, Is.Not.Zero, "RFC 7053: a probe wants its answer at once");

        peer.Advance(RoundTrip);
        peer.SendSack(sent[^1].Tsn);
        Assert.That(peer.Association.GetStatistics().RetransmissionTimeouts, Is.Zero);
        Assert.That(peer.Association.GetStatistics().CongestionWindow, Is.LessThan(window));
    }

    [Test]
    public void Probe_prefers_data_not_sent_yet_and_one_is_enough()
    {
        var (peer, sent) = Sent(20_000);
        peer.Advance(RoundTrip * 2.01);
        var probe = peer.PollData().Single();
        Assert.That(probe.Tsn, Is.EqualTo(sent[^1].Tsn.Next));
        peer.Advance(RoundTrip * 2.01);
        Assert.That(peer.PollData(), Is.Empty);
        peer.Advance(TimeSpan.FromSeconds(1));
        Assert.That(peer.Association.GetStatistics().RetransmissionTimeouts, Is.GreaterThan(0));
    }

    [Test]
    public void Message_that_may_not_be_repeated_is_not_probed_with()
    {
        var peer = Measured();
        peer.Association.Send(1, new SctpSendParameters(53) { MaxRetransmissions = 0 }, Bytes.Random(3000), peer.Now);
        var sent = peer.PollData();
        peer.Advance(RoundTrip * 2.5);
        Assert.That(peer.PollData(), Is.Empty);
        Assert.That(sent, Is.Not.Empty);
    }

    [Test]
    public void Nothing_but_a_limited_burst_leaves_when_the_window_opens_at_once()
    {
        var (peer, sent) = Sent(4_000_000);
        for (var round = 0; round < 4; round++)
        {
            peer.Advance(RoundTrip);
            peer.SendSack(sent[^1].Tsn, window: 10_000_000);
            sent = peer.PollData();
        }

        Assert.That(sent, Has.Count.GreaterThan(64));

        // Every SACK but the last was lost, and that one says little: twice what it acknowledges, and 32 packets.
        peer.Advance(RoundTrip);
        peer.SendSack(sent[0].Tsn, window: 10_000_000);
        Assert.That(peer.PollData(), Has.Count.LessThanOrEqualTo(35));
    }

    [Test]
    public void Report_that_was_overtaken_by_a_newer_one_takes_nothing_back()
    {
        var (peer, sent) = Sent(8000);
        peer.Advance(RoundTrip);
        peer.SendSack(sent[0].Tsn, ScriptedPeer.Window, (2, 6));
        peer.PollData();
        var flight = peer.Association.GetStatistics().BytesInFlight;
        for (var i = 0; i < 5; i++)
        {
            peer.SendSack(sent[0].Tsn, ScriptedPeer.Window, (2, 3));
        }

        Assert.That(peer.Association.GetStatistics().BytesInFlight, Is.EqualTo(flight));
    }

    private static (ScriptedPeer Peer, List<ScriptedPeer.DataSent> Sent) Sent(int bytes)
    {
        var peer = Measured();
        peer.Association.Send(1, new SctpSendParameters(53), Bytes.Random(bytes), peer.Now);
        return (peer, peer.PollData());
    }

    // An association that has measured its path.
    private static ScriptedPeer Measured()
    {
        var peer = ScriptedPeer.Connected();
        for (var i = 0; i < 4; i++)
        {
            peer.Association.Send(1, new SctpSendParameters(53), [1], peer.Now);
            var tsn = peer.PollData().Single().Tsn;
            peer.Advance(RoundTrip);
            peer.SendSack(tsn);
            peer.Poll();
        }

        return peer;
    }
}
