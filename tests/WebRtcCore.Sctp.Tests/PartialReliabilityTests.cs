using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests;

/// <summary>RFC 3758 and RFC 7496.</summary>
[TestFixture(true)]
[TestFixture(false)]
public class PartialReliabilityTests(bool isInterleaving)
{
    private static readonly SctpSendParameters NoRetransmission = new(53, MaxRetransmissions: 0);

    [Test]
    public void Lost_message_without_retransmissions_is_skipped_and_the_next_ones_arrive([Values] bool isUnordered)
    {
        var pair = Connected();
        pair.Pair.Network.Conditions = new LinkConditions { IsDown = true };
        pair.SendA([1], 1, NoRetransmission with { IsUnordered = isUnordered });
        pair.Pair.Drive(TimeSpan.FromMilliseconds(10));
        pair.Pair.Network.Conditions = LinkConditions.Good;
        pair.SendA([2], 1, NoRetransmission with { IsUnordered = isUnordered });
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 1), Is.True);
        pair.Pair.Drive(TimeSpan.FromSeconds(10));
        Assert.That(pair.B.Messages.Select(message => message.Bytes[0]), Is.EqualTo(new byte[] { 2 }));
        Assert.That(pair.A.Association.GetStatistics().Retransmissions, Is.Zero);
        Assert.That(pair.A.Association.GetStatistics().MessagesAbandoned, Is.EqualTo(1));
        Assert.That(pair.A.Association.GetStatistics().UnacknowledgedChunks, Is.Zero);
    }

    [Test]
    public void Message_is_sent_as_often_as_allowed_and_no_more()
    {
        var pair = Connected();
        pair.Pair.Network.Conditions = new LinkConditions { IsDown = true };
        pair.SendA([1], 1, NoRetransmission with { MaxRetransmissions = 3 });
        pair.Pair.Drive(TimeSpan.FromSeconds(20));
        Assert.That(pair.A.Association.GetStatistics().Retransmissions, Is.EqualTo(3));
    }

    [Test]
    public void Message_whose_lifetime_is_over_is_given_up_sent_or_not()
    {
        var pair = Connected();
        pair.Pair.Network.Conditions = new LinkConditions { IsDown = true };
        var parameters = new SctpSendParameters(53, Lifetime: TimeSpan.FromMilliseconds(500));
        for (var i = 0; i < 50; i++)
        {
            pair.SendA(Bytes.Random(2000), 1, parameters);
        }

        pair.Pair.Drive(TimeSpan.FromSeconds(2));
        pair.Pair.Network.Conditions = LinkConditions.Good;
        pair.SendA([9], 1);
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 1), Is.True);
        pair.Pair.Drive(TimeSpan.FromSeconds(10));
        Assert.That(pair.B.Messages.Single().Bytes, Is.EqualTo(new byte[] { 9 }));
        Assert.That(pair.A.Association.GetStatistics().MessagesAbandoned, Is.EqualTo(50));
        Assert.That(pair.A.Association.GetBufferedAmount(1), Is.Zero);
    }

    [Test]
    public void Message_given_up_half_sent_leaves_nothing_at_the_receiver()
    {
        var peer = ScriptedPeer.Connected();
        peer.Association.Send(1, NoRetransmission, Bytes.Random(100_000), peer.Now);
        var sent = peer.PollData();
        Assert.That(sent, Has.Count.GreaterThan(5));

        // The second fragment is missing three times.
        for (ushort end = 3; end <= 5; end++)
        {
            peer.SendSack(sent[0].Tsn, ScriptedPeer.Window, (3, end));
        }

        var forward = peer.PollChunks().Single(chunk => chunk.Type == ChunkType.ForwardTsn);
        var placeholder = sent[^1].Tsn.Next;
        Assert.That(forward.Value, Is.EqualTo(Bytes.FromHex($"{placeholder.Value:X8} 0001 0000")));
        Assert.That(peer.Association.GetBufferedAmount(1), Is.Zero);

        peer.SendSack(placeholder);
        peer.Association.Send(1, NoRetransmission, [1], peer.Now);
        var next = peer.PollData().Single();
        Assert.That((next.Tsn, next.Ssn), Is.EqualTo((placeholder.Next, (ushort)1)));
    }

    [Test]
    public void Loss_of_a_message_that_is_given_up_narrows_the_window_like_any_other()
    {
        var thresholds = new List<long>();
        foreach (var parameters in new[] { NoRetransmission, new SctpSendParameters(53) })
        {
            var pair = Connected(new LinkConditions { Delay = TimeSpan.FromMilliseconds(20) });
            pair.Pair.Drive(TimeSpan.FromSeconds(1));
            var before = pair.A.Association.GetStatistics();
            var data = 0;
            pair.Pair.Network.Interceptor = datagram => datagram.Bytes.Length > 900 && ++data == 5 ? DatagramFate.Drop : DatagramFate.Pass;
            for (var i = 0; i < 30; i++)
            {
                pair.SendA(Bytes.Random(1100, i), 1, parameters);
            }

            pair.Pair.Drive(TimeSpan.FromSeconds(2));
            var after = pair.A.Association.GetStatistics();
            Assert.That(after.MessagesAbandoned, Is.EqualTo(parameters == NoRetransmission ? 1 : 0));
            Assert.That(after.SlowStartThreshold, Is.LessThan(before.SlowStartThreshold));
            thresholds.Add(after.SlowStartThreshold);
        }

        Assert.That(thresholds[0], Is.EqualTo(thresholds[1]));
    }

    [Test]
    public void Message_given_up_does_not_widen_the_window()
    {
        var peer = ScriptedPeer.Connected();
        for (var i = 0; i < 40; i++)
        {
            peer.Association.Send(1, NoRetransmission with { IsUnordered = true }, Bytes.Random(1100, i), peer.Now);
        }

        var sent = peer.PollData();
        Assert.That(sent, Has.Count.InRange(8, 20), "the window limits");
        peer.Advance(TimeSpan.FromSeconds(1));
        var before = peer.Association.GetStatistics();
        Assert.That(before.MessagesAbandoned, Is.GreaterThanOrEqualTo(sent.Count));
        peer.SendSack(sent[^1].Tsn);
        Assert.That(peer.Association.GetStatistics().CongestionWindow, Is.EqualTo(before.CongestionWindow));
    }

    [Test]
    public void Forward_tsn_is_repeated_until_it_is_acknowledged()
    {
        var peer = ScriptedPeer.Connected();
        peer.Association.Send(1, NoRetransmission, [1], peer.Now);
        peer.Poll();
        for (var i = 0; i < 3; i++)
        {
            peer.Advance(TimeSpan.FromSeconds(4));
            Assert.That(peer.PollChunks().Any(chunk => chunk.Type == ChunkType.ForwardTsn), Is.True, $"round {i}");
        }

        peer.SendSack(peer.RemoteInitialTsn);
        peer.Advance(TimeSpan.FromSeconds(10));
        Assert.That(peer.PollChunks().Any(chunk => chunk.Type == ChunkType.ForwardTsn), Is.False);
    }

    [Test]
    public void Peer_without_forward_tsn_gets_everything_reliably()
    {
        var peer = new ScriptedPeer();
        peer.RequestCookie(peer.Init with { SupportsForwardTsn = false, SupportedExtensions = null });
        peer.EchoCookie(peer.RemoteTag, peer.Cookie!);
        peer.Poll();
        peer.Association.Send(1, NoRetransmission, [1], peer.Now);
        Assert.That(peer.PollData(), Has.Count.EqualTo(1));
        peer.Advance(TimeSpan.FromSeconds(2));
        Assert.That(peer.PollData(), Is.Not.Empty);
    }

    [Test]
    public void Received_forward_tsn_drops_fragments_and_delivers_what_waited()
    {
        var peer = ScriptedPeer.Connected();
        peer.SendData(1, 0, Bytes.Random(100), DataChunk.BeginFlag);
        var lost = peer.NextTsn;
        peer.NextTsn = lost.Next;
        peer.SendData(1, 1, [5]);
        Assert.That(peer.Node.Messages, Is.Empty);
        peer.Send((ref PacketWriter packet) => ForwardTsnChunk.Write(ref packet, lost, [new SkippedMessages(1, false, 0)]));
        Assert.That(peer.Node.Messages.Single().Bytes, Is.EqualTo(new byte[] { 5 }));
        Assert.That(peer.Association.GetStatistics().LocalReceiverWindow, Is.EqualTo(5 * 1024 * 1024));
        var sack = peer.PollChunks().Last(chunk => chunk.Type == ChunkType.Sack);
        Assert.That(sack.Value[..4], Is.EqualTo(Bytes.FromHex($"{lost.Next.Value:X8}")));
    }

    [Test]
    public void Unreliable_messages_never_block_reliable_ones([Values(0.05, 0.2, 0.5)] double loss, [Values] bool isUnordered)
    {
        var pair = Connected(new LinkConditions { LossRate = loss, ReorderRate = 0.1, DuplicationRate = 0.05 }, seed: 5);
        for (var i = 0; i < 100; i++)
        {
            pair.SendA(Bytes.Random(3000, i), 1, NoRetransmission with { IsUnordered = isUnordered });
            pair.SendA(Bytes.Random(500, i), 2);
        }

        Assert.That(
            pair.Pair.Drive(() => pair.B.Messages.Count(message => message.StreamId == 2) == 100, TimeSpan.FromMinutes(20)),
            Is.True,
            $"{pair.A.Association.GetStatistics()}");
        Assert.That(pair.Pair.Drive(() => pair.A.Association.GetStatistics().UnacknowledgedChunks == 0, TimeSpan.FromMinutes(90)), Is.True,
            $"{pair.A.Association.State} {pair.A.Association.GetStatistics()} {pair.B.Association.State} {pair.B.Association.GetStatistics()}");
        Assert.That(
            pair.B.Messages.Where(message => message.StreamId == 2).Select(message => message.Bytes),
            Is.EqualTo(Enumerable.Range(0, 100).Select(i => Bytes.Random(500, i))));
        var unreliable = pair.B.Messages.Where(message => message.StreamId == 1).Select(message => message.Bytes).ToList();
        var valid = Enumerable.Range(0, 100).Select(i => Convert.ToHexString(Bytes.Random(3000, i))).ToList();
        Assert.That(unreliable.Select(Convert.ToHexString).Distinct().Count(), Is.EqualTo(unreliable.Count), "none twice");
        Assert.That(unreliable.Select(Convert.ToHexString), Is.SubsetOf(valid), "none mangled");
        Assert.That(pair.B.Association.GetStatistics().LocalReceiverWindow, Is.EqualTo(5 * 1024 * 1024), "nothing left behind");
    }

    [Test]
    public void Lifetime_that_ends_half_sent_gives_the_rest_up_without_any_loss([Values] bool isUnordered)
    {
        var pair = Connected(new LinkConditions { BandwidthBps = 1_000_000 });
        var parameters = new SctpSendParameters(53, isUnordered, Lifetime: TimeSpan.FromMilliseconds(500));
        pair.SendA(Bytes.Random(500_000), 1, parameters);
        pair.Pair.Drive(TimeSpan.FromSeconds(1));
        Assert.That(pair.A.Association.GetBufferedAmount(1), Is.Zero);
        pair.SendA([9], 1, parameters);
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 1), Is.True);
        pair.Pair.Drive(TimeSpan.FromSeconds(10));
        var statistics = pair.A.Association.GetStatistics();
        Assert.That(pair.B.Messages.Single().Bytes, Is.EqualTo(new byte[] { 9 }));
        Assert.That((statistics.MessagesAbandoned, statistics.MessagesAbandonedUnsent, statistics.UnacknowledgedChunks), Is.EqualTo((1L, 0L, 0)));
        Assert.That(pair.B.Association.GetStatistics().LocalReceiverWindow, Is.EqualTo(5 * 1024 * 1024), "nothing left behind");
    }

    [Test]
    public void Message_larger_than_any_window_is_given_up_half_sent([Values] bool isUnordered)
    {
        var pair = Connected(new LinkConditions { LossRate = 0.02, Delay = TimeSpan.FromMilliseconds(20) });
        pair.SendA(Bytes.Random(10_000_000), 1, NoRetransmission with { IsUnordered = isUnordered });
        pair.SendA(Bytes.Random(10_000_000), 1, NoRetransmission with { IsUnordered = isUnordered });
        pair.SendA([9], 1, new SctpSendParameters(53, isUnordered));
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 1, TimeSpan.FromMinutes(2)), Is.True);
        Assert.That(pair.Pair.Drive(() => pair.A.Association.GetStatistics().UnacknowledgedChunks == 0, TimeSpan.FromMinutes(2)), Is.True);
        Assert.That(pair.A.Association.GetStatistics().MessagesAbandoned, Is.EqualTo(2));
        Assert.That(pair.A.Association.GetStatistics().BytesSent, Is.LessThan(10_000_000));
        Assert.That(pair.B.Association.GetStatistics().LocalReceiverWindow, Is.EqualTo(5 * 1024 * 1024), "nothing left behind");
    }

    [Test]
    public void Mixed_kinds_of_messages_keep_their_promises([Range(1, 8)] int seed)
    {
        var pair = Connected(new LinkConditions { LossRate = 0.04 * seed, ReorderRate = 0.1, DuplicationRate = 0.05 }, seed);
        var random = new SeededRandomSource(seed);
        var sent = new List<(ushort Stream, bool IsUnordered, bool IsReliable, string Content)>();
        for (var i = 0; i < 300; i++)
        {
            var (stream, isUnordered, kind) = ((ushort)random.Next(6), random.Next(2) == 0, random.Next(3));
            var content = Bytes.Random(1 + random.Next(6000), i);
            pair.SendA(content, stream, new SctpSendParameters(
                53,
                isUnordered,
                kind == 1 ? random.Next(3) : null,
                kind == 2 ? TimeSpan.FromMilliseconds(random.Next(400)) : null));
            sent.Add((stream, isUnordered, kind == 0, Convert.ToHexString(content)));
            pair.Pair.Drive(TimeSpan.FromMilliseconds(random.Next(20)));
        }

        Assert.That(pair.Pair.Drive(() => pair.A.Association.GetStatistics() is { UnacknowledgedChunks: 0 } && Enumerable.Range(0, 6).All(stream => pair.A.Association.GetBufferedAmount((ushort)stream) == 0), TimeSpan.FromMinutes(30)), Is.True);
        pair.Pair.Drive(TimeSpan.FromSeconds(5));
        var received = pair.B.Messages.Select(message => Convert.ToHexString(message.Bytes)).ToList();
        Assert.That(received, Is.Unique);
        Assert.That(received, Is.SubsetOf(sent.Select(message => message.Content)));
        Assert.That(sent.Where(message => message.IsReliable).Select(message => message.Content), Is.SubsetOf(received));
        foreach (var stream in sent.Where(message => !message.IsUnordered).GroupBy(message => message.Stream))
        {
            var order = stream.Select(message => message.Content).ToList();
            Assert.That(received.Where(order.Contains).Select(content => order.IndexOf(content)), Is.Ordered);
        }

        Assert.That(pair.A.Association.GetStatistics().MessagesAbandoned, Is.EqualTo(300 - received.Count).Within(received.Count / 10));
        Assert.That(pair.B.Association.GetStatistics().LocalReceiverWindow, Is.EqualTo(5 * 1024 * 1024), "nothing left behind");
    }

    [Test]
    public void Skipping_chunk_that_is_lost_is_sent_until_one_arrives([Values(1, 3, 6)] int lost, [Values] bool isUnordered)
    {
        var pair = Connected();
        var count = 0;
        pair.Pair.Network.Interceptor = datagram =>
            Holds(datagram, ChunkType.Data, ChunkType.InterleavedData) && count == 0 ? DatagramFate.Drop
            : Holds(datagram, ChunkType.ForwardTsn, ChunkType.InterleavedForwardTsn) && ++count <= lost ? DatagramFate.Drop : DatagramFate.Pass;
        pair.SendA(Bytes.Random(3000), 1, NoRetransmission with { IsUnordered = isUnordered });
        Assert.That(pair.Pair.Drive(() => count > lost, TimeSpan.FromMinutes(2)), Is.True);
        pair.SendA([2], 1, NoRetransmission with { IsUnordered = isUnordered });
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 1), Is.True);
        pair.Pair.Drive(TimeSpan.FromSeconds(10));
        Assert.That(pair.A.Association.GetStatistics().UnacknowledgedChunks, Is.Zero);
        Assert.That(count, Is.EqualTo(lost + 1));
    }

    [Test]
    public void Statistics_tell_messages_given_up_unsent_from_those_half_sent()
    {
        var pair = Connected(new LinkConditions { BandwidthBps = 1_000_000 });
        var parameters = new SctpSendParameters(53, Lifetime: TimeSpan.FromMilliseconds(300));
        for (var i = 0; i < 5; i++)
        {
            pair.SendA(Bytes.Random(200_000), 1, parameters);
        }

        pair.Pair.Drive(TimeSpan.FromSeconds(5));
        var statistics = pair.A.Association.GetStatistics();
        Assert.That((statistics.MessagesAbandoned, statistics.MessagesAbandonedUnsent), Is.EqualTo((5L, 4L)));
    }

    private static bool Holds(VirtualDatagram datagram, params ChunkType[] types) => ScriptedPeer.Types(datagram.Bytes.ToArray()).Any(types.Contains);

    private AssociationPair Connected(LinkConditions? conditions = null, int seed = 1) =>
        AssociationPair.Connected(conditions, new SctpOptions { MessageInterleaving = isInterleaving }, seed: seed);
}
