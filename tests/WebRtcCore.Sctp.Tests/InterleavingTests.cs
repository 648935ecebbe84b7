using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;
using WebRtcCore.Sctp.Receive;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests;

/// <summary>RFC 8260: I-DATA and I-FORWARD-TSN.</summary>
public class InterleavingTests
{
    private const byte First = DataChunk.BeginFlag;
    private const byte Middle = 0;
    private const byte Last = DataChunk.EndFlag;
    private const byte Unordered = DataChunk.UnorderedFlag;
    private const long FullWindow = 5 * 1024 * 1024;
    private static readonly SctpOptions Off = new() { MessageInterleaving = false };
    private static readonly SctpSendParameters Plain = new(53);

    [Test]
    public void Interleaving_is_used_only_if_both_sides_list_it([Values] bool isOnAtA, [Values] bool isOnAtB)
    {
        var pair = AssociationPair.Connected(optionsA: isOnAtA ? new SctpOptions() : Off, optionsB: isOnAtB ? new SctpOptions() : Off);
        pair.SendA(Bytes.Random(5000));
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 1), Is.True);
        Assert.That(pair.A.Association.GetStatistics().IsInterleaving, Is.EqualTo(isOnAtA && isOnAtB));
        Assert.That(pair.B.Association.GetStatistics().IsInterleaving, Is.EqualTo(isOnAtA && isOnAtB));
    }

    [Test]
    public void Init_lists_the_chunk_types_of_interleaving_if_it_is_wanted([Values] bool isWanted)
    {
        var peer = new ScriptedPeer(new SctpOptions { MessageInterleaving = isWanted });
        peer.Association.Associate(peer.Now);
        Assert.That(PacketView.TryParse(peer.Poll().Single(), out var packet) && InitChunk.TryParse(packet.FirstChunk, out var init), Is.True);
        Assert.That(InitChunk.TryParse(packet.FirstChunk, out init), Is.True);
        Assert.That((init!.Supports(ChunkType.InterleavedData), init.Supports(ChunkType.InterleavedForwardTsn)), Is.EqualTo((isWanted, isWanted)));
    }

    [Test]
    public void First_fragment_has_the_identifier_and_others_their_number()
    {
        var peer = ScriptedPeer.Interleaving();
        peer.Association.Send(7, new SctpSendParameters(51), Bytes.Random(3000), peer.Now);
        var sent = peer.PollInterleaved();
        Assert.That(sent.Select(chunk => chunk.IdentifierOrNumber), Is.EqualTo(new uint[] { 51, 1, 2 }));
        Assert.That(sent.Select(chunk => chunk.Flags & 3), Is.EqualTo(new[] { 2, 0, 1 }));
        Assert.That(sent.Select(chunk => (chunk.Stream, chunk.MessageId)).Distinct(), Is.EqualTo(new[] { ((ushort)7, 0u) }));
        Assert.That(sent.SelectMany(chunk => chunk.Payload), Is.EqualTo(Bytes.Random(3000)));
    }

    [Test]
    public void Ordered_and_unordered_messages_of_a_stream_are_counted_apart()
    {
        var peer = ScriptedPeer.Interleaving();
        foreach (var isUnordered in new[] { false, true, true, false, true })
        {
            peer.Association.Send(1, Plain with { IsUnordered = isUnordered }, [1], peer.Now);
        }

        Assert.That(peer.PollInterleaved().Select(chunk => ((chunk.Flags & Unordered) != 0, chunk.MessageId)), Is.EqualTo(new[]
        {
            (false, 0u), (true, 0u), (true, 1u), (false, 1u), (true, 2u),
        }));
    }

    [TestCase(true, ChunkType.Data)]
    [TestCase(true, ChunkType.ForwardTsn)]
    [TestCase(false, ChunkType.InterleavedData)]
    [TestCase(false, ChunkType.InterleavedForwardTsn)]
    public void Chunk_of_the_kind_that_was_not_negotiated_ends_the_association(bool isInterleaving, object type)
    {
        var peer = isInterleaving ? ScriptedPeer.Interleaving() : ScriptedPeer.Connected();
        peer.Send((ref PacketWriter packet) =>
        {
            switch ((ChunkType)type)
            {
                case ChunkType.Data:
                    DataChunk.Write(ref packet, 3, peer.NextTsn, 1, 0, 53, [1]);
                    break;
                case ChunkType.InterleavedData:
                    InterleavedDataChunk.Write(ref packet, 3, peer.NextTsn, 1, 0, 53, [1]);
                    break;
                case ChunkType.ForwardTsn:
                    ForwardTsnChunk.Write(ref packet, peer.NextTsn, []);
                    break;
                default:
                    InterleavedForwardTsnChunk.Write(ref packet, peer.NextTsn, []);
                    break;
            }
        });
        Assert.That(peer.Association.Error, Is.EqualTo(new SctpError(SctpErrorKind.ProtocolViolation, CauseCode.ProtocolViolation, peer.Association.Error?.Reason)));
        Assert.That(peer.PollChunks().Single().Type, Is.EqualTo(ChunkType.Abort));
        Assert.That(peer.Node.Messages, Is.Empty);
    }

    [Test]
    public void Interleaved_data_without_payload_is_answered_with_abort_and_its_tsn()
    {
        var peer = ScriptedPeer.Interleaving();
        var tsn = peer.SendInterleaved(1, 0, 0, []);
        Assert.That(peer.PollChunks().Single().Value, Is.EqualTo(Bytes.FromHex("00090008" + tsn.Value.ToString("X8"))));
    }

    [Test]
    public void Messages_come_together_whatever_the_order_of_their_fragments([Range(1, 20)] int seed)
    {
        var random = new SeededRandomSource(seed);
        var peer = ScriptedPeer.Interleaving();
        var fragments = new List<(ushort Stream, uint Id, uint Number, byte[] Bytes, byte Flags)>();
        var expected = new List<(ushort, bool, byte[])>();
        for (var i = 0; i < 12; i++)
        {
            var stream = (ushort)(i % 3);
            var isUnordered = i >= 6;
            var content = Bytes.Random(1 + random.Next(900), i);
            var count = 1 + random.Next(Math.Min(6, content.Length));
            for (var number = 0; number < count; number++)
            {
                var piece = content[(content.Length * number / count)..(content.Length * (number + 1) / count)];
                var flags = (byte)((number == 0 ? First : 0) | (number == count - 1 ? Last : 0) | (isUnordered ? Unordered : 0));
                fragments.Add((stream, (uint)(i % 6 / 3), (uint)number, piece, flags));
            }

            expected.Add((stream, isUnordered, content));
        }

        var tsn = peer.NextTsn;
        foreach (var index in Shuffle(fragments.Count, random))
        {
            // TSNs are in the order of sending, or in that of a network that reorders.
            var fragment = fragments[index];
            var used = seed % 2 == 0 ? tsn + index : peer.NextTsn;
            peer.SendInterleaved(fragment.Stream, fragment.Id, fragment.Number, fragment.Bytes, fragment.Flags, seed % 2 == 0 ? used : null);
        }

        Assert.That(peer.Node.Messages.Select(Describe), Is.EquivalentTo(expected.Select(message => Describe((message.Item1, 53, message.Item3)))));
        foreach (var stream in new ushort[] { 0, 1, 2 })
        {
            var ordered = expected.Where(message => message.Item1 == stream && !message.Item2).Select(message => Convert.ToHexString(message.Item3)).ToList();
            Assert.That(peer.Node.Messages.Select(message => Convert.ToHexString(message.Bytes)).Where(ordered.Contains), Is.EqualTo(ordered));
        }

        Assert.That(peer.Association.GetStatistics().LocalReceiverWindow, Is.EqualTo(FullWindow), "nothing left behind");
        Assert.That(peer.PollChunks().Last(chunk => chunk.Type == ChunkType.Sack).Value[..4], Is.EqualTo(Bytes.FromHex((tsn + (fragments.Count - 1)).Value.ToString("X8"))));
    }

    [TestCase(0u, Middle, 1u, Middle, TestName = "Fragment_zero_that_is_not_the_first_is_a_violation")]
    [TestCase(1u, Middle, 1u, Middle, TestName = "Fragment_that_comes_under_a_second_tsn_is_a_violation")]
    [TestCase(0u, First, 0u, First, TestName = "Second_first_fragment_is_a_violation")]
    [TestCase(3u, Last, 5u, Middle, TestName = "Fragment_after_the_last_is_a_violation")]
    [TestCase(3u, Last, 4u, Last, TestName = "Second_last_fragment_is_a_violation")]
    [TestCase(5u, Middle, 3u, Last, TestName = "Last_fragment_before_others_is_a_violation")]
    [TestCase(1u, Middle, 0u, First | Last, TestName = "Whole_message_under_the_number_of_an_unfinished_one_is_a_violation")]
    public void Fragments_that_contradict_each_other_end_the_association(uint one, byte oneFlags, uint other, byte otherFlags)
    {
        var peer = ScriptedPeer.Interleaving();
        peer.SendInterleaved(1, 0, one, [1], oneFlags);
        peer.SendInterleaved(1, 0, other, [2], otherFlags);
        Assert.That(peer.Association.Error?.CauseCode, Is.EqualTo(CauseCode.ProtocolViolation));
    }

    [Test]
    public void Unfinished_messages_of_a_stream_are_bounded()
    {
        var peer = ScriptedPeer.Interleaving();
        for (uint i = 0; i < InterleavedReassemblyQueue.MaxOpenMessages; i++)
        {
            peer.SendInterleaved(1, i, 0, [1], First);
        }

        // While something is missing a further one is not taken, as if it had been lost; those that are begun can go on.
        var missing = peer.NextTsn;
        peer.SendInterleaved(1, 9999, 0, [1], First, missing + 1);
        peer.SendInterleaved(1, 0, 1, [1], Last, missing + 2);
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(1));
        var sack = peer.PollChunks().Last(chunk => chunk.Type == ChunkType.Sack);
        Assert.That(sack.Value[12..16], Is.EqualTo(Bytes.FromHex("0003 0003")));

        // One has ended, so there is room for another, but not for two.
        peer.SendInterleaved(1, 10_000, 0, [1], First, missing);
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Established));
        peer.SendInterleaved(1, 10_001, 0, [1], First, missing + 1);
        Assert.That(peer.Association.Error?.CauseCode, Is.EqualTo(CauseCode.OutOfResource));
    }

    [Test]
    public void Tiny_fragments_that_wait_cannot_outgrow_the_receive_buffer()
    {
        var peer = ScriptedPeer.Interleaving(new SctpOptions { ReceiveBufferSize = 65_536, MaxReceiveMessageSize = 65_536 });
        var taken = 0;
        for (uint number = 1; number < 5000 && peer.Association.State == SctpAssociationState.Established; number++)
        {
            peer.SendInterleaved(1, 0, number, [1], Middle);
            taken++;
        }

        // Twice the buffer, since nothing is held by the application; then nothing can ever go on.
        Assert.That(taken, Is.LessThanOrEqualTo((2 * 65_536 / ReceiveBudget.MessageOverhead) + 1));
        Assert.That(peer.Association.Error?.CauseCode, Is.EqualTo(CauseCode.OutOfResource));
    }

    [Test]
    public void Interleaved_message_larger_than_allowed_is_dropped_and_keeps_its_place()
    {
        var peer = ScriptedPeer.Interleaving(new SctpOptions { MaxReceiveMessageSize = 10_000 });
        peer.SendInterleaved(1, 0, 0, Bytes.Random(1000), First);
        for (uint number = 1; number < 200; number++)
        {
            peer.SendInterleaved(1, 0, number, Bytes.Random(1000), Middle);
            Assert.That(peer.Association.GetStatistics().LocalReceiverWindow, Is.GreaterThan(FullWindow - 12_000));
        }

        peer.SendInterleaved(1, 1, 0, [7]);
        Assert.That(peer.Node.Messages, Is.Empty);
        peer.SendInterleaved(1, 0, 200, [1], Last);
        Assert.That(peer.Node.Events.Count(e => e.Kind == SctpEventKind.MessageDropped), Is.EqualTo(1));
        Assert.That(peer.Node.Messages.Single().Bytes, Is.EqualTo(new byte[] { 7 }));
        Assert.That(peer.Association.GetStatistics().LocalReceiverWindow, Is.EqualTo(FullWindow));
    }

    [Test]
    public void Received_i_forward_tsn_drops_unfinished_messages_and_delivers_what_waited([Values] bool isUnordered)
    {
        var peer = ScriptedPeer.Interleaving();
        var kind = isUnordered ? Unordered : (byte)0;
        peer.SendInterleaved(1, 0, 0, Bytes.Random(100), (byte)(First | kind));
        peer.SendInterleaved(1, 0, 2, Bytes.Random(100), (byte)(Middle | kind));
        peer.SendInterleaved(1, 1, 0, Bytes.Random(100), (byte)(First | kind));
        var lost = peer.NextTsn;
        peer.NextTsn = lost.Next;
        peer.SendInterleaved(1, 2, 0, [5], (byte)(3 | kind));
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(isUnordered ? 1 : 0));
        peer.Send((ref PacketWriter packet) => InterleavedForwardTsnChunk.Write(ref packet, lost, [new SkippedMessages(1, isUnordered, 1)]));
        Assert.That(peer.Node.Messages.Single().Bytes, Is.EqualTo(new byte[] { 5 }));
        Assert.That(peer.Association.GetStatistics().LocalReceiverWindow, Is.EqualTo(FullWindow), "nothing left behind");

        // A late fragment of an ordered message that was given up starts nothing.
        peer.SendInterleaved(1, 1, 1, Bytes.Random(100), (byte)(Last | kind));
        Assert.That(peer.Association.GetStatistics().LocalReceiverWindow, isUnordered ? Is.LessThan(FullWindow) : Is.EqualTo(FullWindow));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Established));
    }

    [Test]
    public void I_forward_tsn_of_one_kind_leaves_the_other_alone()
    {
        var peer = ScriptedPeer.Interleaving();
        peer.SendInterleaved(1, 0, 0, [1], First);
        peer.SendInterleaved(1, 0, 0, [1], First | Unordered);
        peer.Send((ref PacketWriter packet) => InterleavedForwardTsnChunk.Write(ref packet, peer.NextTsn, [new SkippedMessages(1, true, 0)]));
        peer.NextTsn = peer.NextTsn.Next;
        peer.SendInterleaved(1, 0, 1, [2], Last);
        Assert.That(peer.Node.Messages.Single().Bytes, Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void Forward_tsn_of_streams_that_the_peer_does_not_have_fills_no_table()
    {
        var peer = ScriptedPeer.Interleaving();
        peer.Send((ref PacketWriter packet) => InterleavedForwardTsnChunk.Write(ref packet, peer.NextTsn, [new SkippedMessages(4000, false, 7), new SkippedMessages(2, false, 7)]));
        peer.NextTsn = peer.NextTsn.Next;
        peer.SendInterleaved(2, 8, 0, [1]);
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(1));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Established));
    }

    [Test]
    public void Message_given_up_half_sent_among_others_is_skipped_by_i_forward_tsn([Values] bool isUnordered)
    {
        var peer = ScriptedPeer.Interleaving();
        peer.Association.Send(1, new SctpSendParameters(53, isUnordered, MaxRetransmissions: 0), Bytes.Random(100_000), peer.Now);
        peer.Association.Send(2, Plain, Bytes.Random(100_000), peer.Now);
        var sent = peer.PollInterleaved();
        Assert.That(sent.Select(chunk => (int)chunk.Stream).Take(4), Is.EqualTo(new[] { 1, 2, 1, 2 }));

        // The first fragment is missing three times.
        for (ushort end = 2; end <= 4; end++)
        {
            peer.SendSack(sent[0].Tsn.Previous, ScriptedPeer.Window, (2, end));
        }

        var chunks = peer.PollChunks();
        var forward = chunks.First(chunk => chunk.Type == ChunkType.InterleavedForwardTsn);
        var flag = isUnordered ? "0001" : "0000";
        Assert.That(forward.Value, Is.EqualTo(Bytes.FromHex($"{sent[0].Tsn.Value:X8} 0001 {flag} 00000000")), "up to the other message's first fragment");
        Assert.That(peer.Association.GetBufferedAmount(1), Is.Zero);

        // The other message goes on. All that was sent has arrived, and what is skipped then ends with a TSN that was never sent.
        var last = sent[^1].Tsn;
        peer.SendSack(last);
        var later = peer.PollChunks();
        forward = later.First(chunk => chunk.Type == ChunkType.InterleavedForwardTsn);
        Assert.That(forward.Value, Is.EqualTo(Bytes.FromHex($"{last.Next.Value:X8} 0001 {flag} 00000000")));
        var rest = chunks.Concat(later).Where(chunk => chunk.Type == ChunkType.InterleavedData).Select(chunk => ScriptedPeer.InterleavedSent.Parse(chunk.Flags, chunk.Value)).ToList();
        Assert.That(rest.Select(chunk => (int)chunk.Stream).Distinct(), Is.EqualTo(new[] { 2 }));
        Assert.That(rest[0].Tsn, Is.EqualTo(last + 2));
    }

    [Test]
    public void Reset_stream_counts_both_kinds_of_messages_from_zero_again()
    {
        var pair = AssociationPair.Connected(new LinkConditions { LossRate = 0.1, ReorderRate = 0.2 });
        for (byte round = 0; round < 10; round++)
        {
            var before = pair.A.Events.Count(e => e.Kind == SctpEventKind.OutgoingStreamReset);
            pair.SendA([round, 1], 3);
            pair.SendA(Bytes.Random(3000, round), 3, Plain with { IsUnordered = true });
            pair.A.Association.ResetStream(3, pair.Pair.Now);
            Assert.That(pair.Pair.Drive(() => pair.A.Events.Count(e => e.Kind == SctpEventKind.OutgoingStreamReset) > before, TimeSpan.FromMinutes(2)), Is.True);
        }

        Assert.That(pair.B.Messages.Where(message => message.Bytes.Length == 2).Select(message => message.Bytes[0]), Is.EqualTo(Enumerable.Range(0, 10)));
        Assert.That(pair.B.Messages, Has.Count.EqualTo(20));
        var peer = ScriptedPeer.Interleaving();
        peer.Association.Send(3, Plain, [1], peer.Now);
        peer.Association.Send(3, Plain with { IsUnordered = true }, [1], peer.Now);
        peer.Association.ResetStream(3, peer.Now);
        var request = peer.PollChunks().Single(chunk => chunk.Type == ChunkType.ReConfig);
        Assert.That(OutgoingResetRequest.TryParse(request.Value.AsSpan(4), out var parsed), Is.True);
        peer.Send(ReConfigChunk.Encode(new ReconfigurationResponse(parsed!.RequestNumber, ReconfigurationResult.Performed)));
        peer.Association.Send(3, Plain, [1], peer.Now);
        peer.Association.Send(3, Plain with { IsUnordered = true }, [1], peer.Now);
        Assert.That(peer.PollInterleaved().Select(chunk => chunk.MessageId), Is.EqualTo(new uint[] { 0, 0 }));
    }

    [Test]
    public void Small_message_overtakes_a_large_one_of_another_stream_within_a_round_trip([Values] bool isInterleaving)
    {
        var conditions = new LinkConditions { Delay = TimeSpan.FromMilliseconds(25), BandwidthBps = 50_000_000 };
        var options = new SctpOptions { MessageInterleaving = isInterleaving, MaxReceiveMessageSize = 20_000_000, ReceiveBufferSize = 32 * 1024 * 1024 };
        var pair = AssociationPair.Connected(conditions, options);
        pair.SendA(Bytes.Random(20_000_000), 1);
        pair.Pair.Drive(TimeSpan.FromMilliseconds(300));
        var sentAt = pair.Pair.Now;
        pair.SendA(Bytes.Random(64), 2);
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Any(message => message.StreamId == 2), TimeSpan.FromMinutes(1)), Is.True);
        var took = pair.Pair.Now - sentAt;
        TestContext.Out.WriteLine($"64 bytes after {took.TotalMilliseconds:0.0} ms beside 20 MB");

        // Half a round trip of 25 ms on the path, one more at most for a full window to open, and what waits at the bottleneck: 256 KB are 42 ms.
        Assert.That(took, isInterleaving ? Is.LessThan(TimeSpan.FromMilliseconds(25 + 50 + 42 + 5)) : Is.GreaterThan(TimeSpan.FromSeconds(1)));
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 2, TimeSpan.FromMinutes(2)), Is.True);
        Assert.That(pair.B.Messages.Single(message => message.StreamId == 1).Bytes, Is.EqualTo(Bytes.Random(20_000_000)));
    }

    [Test]
    public void More_large_messages_than_the_peer_can_hold_all_arrive()
    {
        var options = new SctpOptions { ReceiveBufferSize = 1024 * 1024, MaxReceiveMessageSize = 256 * 1024 };
        var pair = AssociationPair.Connected(new LinkConditions { LossRate = 0.01 }, options);
        for (ushort stream = 0; stream < 40; stream++)
        {
            pair.SendA(Bytes.Random(256 * 1024, stream), stream);
            pair.SendA(Bytes.Random(10_000, stream), stream);
        }

        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 80, TimeSpan.FromMinutes(10)), Is.True, $"{pair.B.Messages.Count}, {pair.B.Association.Error}");
        Assert.That(pair.B.Messages.Where(message => message.Bytes.Length > 10_000).All(message => message.Bytes.AsSpan().SequenceEqual(Bytes.Random(256 * 1024, message.StreamId))));
    }

    [Test]
    public void Every_kind_of_message_arrives_on_interleaved_streams_whatever_the_network_does([Range(1, 6)] int seed)
    {
        var conditions = new LinkConditions { Delay = TimeSpan.FromMilliseconds(10), LossRate = 0.05 * seed, ReorderRate = 0.1, DuplicationRate = 0.05, CorruptionRate = 0.01 };
        var pair = AssociationPair.Connected(conditions, seed: seed);
        for (var i = 0; i < 80; i++)
        {
            pair.SendA(Bytes.Random(1 + (i * 331 % 20_000), i), (ushort)(i % 8), Plain with { IsUnordered = i % 8 >= 4 });
        }

        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 80, TimeSpan.FromMinutes(30)), Is.True, $"{pair.B.Messages.Count} of 80, {pair.A.Association.GetStatistics()}");
        for (var stream = 0; stream < 8; stream++)
        {
            var received = pair.B.Messages.Where(message => message.StreamId == stream).Select(message => Convert.ToHexString(message.Bytes));
            var sent = Enumerable.Range(0, 80).Where(i => i % 8 == stream).Select(i => Convert.ToHexString(Bytes.Random(1 + (i * 331 % 20_000), i)));
            Assert.That(received, stream < 4 ? Is.EqualTo(sent) : Is.EquivalentTo(sent));
        }

        Assert.That(pair.B.Association.GetStatistics().LocalReceiverWindow, Is.EqualTo(FullWindow), "nothing left behind");
    }

    private static string Describe((ushort StreamId, uint Ppid, byte[] Bytes) message) => $"{message.StreamId} {message.Ppid} {Convert.ToHexString(message.Bytes)}";

    private static int[] Shuffle(int count, SeededRandomSource random)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
