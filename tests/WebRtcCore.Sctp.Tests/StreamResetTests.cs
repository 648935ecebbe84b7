using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests;

/// <summary>RFC 6525.</summary>
public class StreamResetTests
{
    [Test]
    public void Reset_waits_for_queued_data_and_begins_sequence_numbers_anew([Values(0, 0.2)] double loss)
    {
        var pair = AssociationPair.Connected(new LinkConditions { LossRate = loss, ReorderRate = 0.1 });
        pair.SendA(Bytes.Random(50_000), 3);
        pair.A.Association.ResetStream(3, pair.Pair.Now);
        Assert.That(pair.Pair.Drive(() => pair.A.Has(SctpEventKind.OutgoingStreamReset), TimeSpan.FromMinutes(2)), Is.True);
        Assert.That(pair.B.Messages.Single().Bytes, Is.EqualTo(Bytes.Random(50_000)));
        Assert.That(pair.B.Events.Single(e => e.Kind == SctpEventKind.IncomingStreamReset).StreamId, Is.EqualTo(3));
        pair.SendA([1], 3);
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 2), Is.True);
    }

    [Test]
    public void Request_is_answered_only_when_everything_before_it_has_arrived()
    {
        var peer = ScriptedPeer.Connected();
        var missing = peer.NextTsn;
        var request = ReConfigChunk.Encode(new OutgoingResetRequest(missing.Value, 0, missing, [4]));
        peer.Send(request);
        Assert.That(peer.Poll(), Is.Empty);
        peer.Send(request);
        Assert.That(Results(peer), Is.EqualTo(new[] { ReconfigurationResult.InProgress }));
        peer.SendData(4, 0, [1]);
        Assert.That(Results(peer), Is.EqualTo(new[] { ReconfigurationResult.Performed }));
        Assert.That(peer.Node.Has(SctpEventKind.IncomingStreamReset), Is.True);

        // A repeated request is answered again and performed once.
        peer.Send(request);
        Assert.That(Results(peer), Is.EqualTo(new[] { ReconfigurationResult.Performed }));
        Assert.That(peer.Node.Events.Count(e => e.Kind == SctpEventKind.IncomingStreamReset), Is.EqualTo(1));
        peer.SendData(4, 0, [2]);
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(2));
    }

    [Test]
    public void Request_with_an_unexpected_number_is_refused()
    {
        var peer = ScriptedPeer.Connected();
        peer.Send(ReConfigChunk.Encode(new OutgoingResetRequest(peer.NextTsn.Value + 5, 0, peer.NextTsn.Previous, [4])));
        Assert.That(Results(peer), Is.EqualTo(new[] { ReconfigurationResult.BadSequenceNumber }));
        Assert.That(peer.Node.Has(SctpEventKind.IncomingStreamReset), Is.False);
    }

    [Test]
    public void Requests_that_data_channels_do_not_use_are_denied()
    {
        var peer = ScriptedPeer.Connected();
        var number = peer.NextTsn.Value;
        foreach (var type in new[] { ParameterType.IncomingResetRequest, ParameterType.TsnResetRequest, ParameterType.AddOutgoingStreamsRequest })
        {
            peer.Send(EncodedChunk.Create(ChunkType.ReConfig, 0, Bytes.FromHex($"{type:X4} 0008 {number++:X8}")));
            Assert.That(Results(peer), Is.EqualTo(new[] { ReconfigurationResult.Denied }));
        }
    }

    [Test]
    public void Refused_reset_is_reported()
    {
        var peer = ScriptedPeer.Connected();
        peer.Association.ResetStream(2, peer.Now);
        var chunk = peer.PollChunks().Single(c => c.Type == ChunkType.ReConfig);
        Assert.That(OutgoingResetRequest.TryParse(chunk.Value.AsSpan(4), out var request), Is.True);
        Assert.That((request!.RequestNumber, request.Streams), Is.EqualTo((peer.RemoteInitialTsn.Value, new ushort[] { 2 })));
        peer.Send(ReConfigChunk.Encode(new ReconfigurationResponse(request.RequestNumber, ReconfigurationResult.Denied)));
        Assert.That(peer.Node.Has(SctpEventKind.OutgoingStreamResetFailed), Is.True);
    }

    [Test]
    public void Unanswered_request_is_repeated_and_in_the_end_the_peer_given_up()
    {
        var peer = ScriptedPeer.Connected(new SctpOptions { MaxRetransmissions = 4 });
        peer.Association.ResetStream(2, peer.Now);
        var requests = 0;
        for (var i = 0; i < 60; i++)
        {
            requests += peer.PollChunks().Count(chunk => chunk.Type == ChunkType.ReConfig);
            peer.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.That(requests, Is.InRange(3, 6));
        Assert.That(peer.Association.Error!.Kind, Is.EqualTo(SctpErrorKind.PeerUnreachable));
    }

    [Test]
    public void Repetition_with_the_next_number_after_in_progress_is_performed_once()
    {
        var peer = ScriptedPeer.Connected();
        var missing = peer.NextTsn;
        var request = new OutgoingResetRequest(missing.Value, 0, missing, [4]);
        peer.Send(ReConfigChunk.Encode(request));
        peer.Send(ReConfigChunk.Encode(request));
        Assert.That(Results(peer), Is.EqualTo(new[] { ReconfigurationResult.InProgress }));
        peer.Send(ReConfigChunk.Encode(request with { RequestNumber = missing.Value + 1 }));
        Assert.That(Results(peer), Is.EqualTo(new[] { ReconfigurationResult.InProgress }));
        peer.SendData(4, 0, [1]);
        Assert.That(Results(peer), Is.EqualTo(new[] { ReconfigurationResult.Performed }));

        // The answer was lost, or meant a number that the peer has dropped: it asks with the next one.
        peer.Send(ReConfigChunk.Encode(request with { RequestNumber = missing.Value + 2 }));
        Assert.That(Results(peer), Is.EqualTo(new[] { ReconfigurationResult.Performed }));
        Assert.That(peer.Node.Events.Count(e => e.Kind == SctpEventKind.IncomingStreamReset), Is.EqualTo(1));

        // What comes after is a request of its own.
        peer.Send(ReConfigChunk.Encode(new OutgoingResetRequest(missing.Value + 3, 0, missing, [5])));
        Assert.That(Results(peer), Is.EqualTo(new[] { ReconfigurationResult.Performed }));
        Assert.That(peer.Node.Events.Count(e => e.Kind == SctpEventKind.IncomingStreamReset), Is.EqualTo(2));
    }

    [Test]
    public void Request_answered_in_progress_is_made_again_with_the_next_number()
    {
        var peer = ScriptedPeer.Connected();
        peer.Association.ResetStream(2, peer.Now);
        var first = Requests(peer).Single();
        peer.Send(ReConfigChunk.Encode(new ReconfigurationResponse(first.RequestNumber, ReconfigurationResult.InProgress)));
        Assert.That(Requests(peer), Is.Empty, "not before the timer");
        peer.Advance(TimeSpan.FromSeconds(3));
        var second = Requests(peer)[0];
        Assert.That((second.RequestNumber, second.LastTsn), Is.EqualTo((first.RequestNumber + 1, first.LastTsn)));
        Assert.That(second.Streams, Is.EqualTo(new ushort[] { 2 }));
        peer.Send(ReConfigChunk.Encode(new ReconfigurationResponse(second.RequestNumber, ReconfigurationResult.Performed)));
        Assert.That(peer.Node.Has(SctpEventKind.OutgoingStreamReset), Is.True);
    }

    [Test]
    public void Request_without_answer_is_repeated_with_the_same_number()
    {
        var peer = ScriptedPeer.Connected();
        peer.Association.ResetStream(2, peer.Now);
        var first = Requests(peer).Single();
        peer.Advance(TimeSpan.FromSeconds(3));
        var again = Requests(peer);
        Assert.That(again, Is.Not.Empty);
        Assert.That(again.Select(request => request.RequestNumber).Distinct(), Is.EqualTo(new[] { first.RequestNumber }));
    }

    [Test]
    public void Answer_to_another_number_is_ignored()
    {
        var peer = ScriptedPeer.Connected();
        peer.Association.ResetStream(2, peer.Now);
        var request = Requests(peer).Single();
        peer.Send(ReConfigChunk.Encode(new ReconfigurationResponse(request.RequestNumber + 1, ReconfigurationResult.Performed)));
        peer.Send(ReConfigChunk.Encode(new ReconfigurationResponse(request.RequestNumber - 1, ReconfigurationResult.Denied)));
        Assert.That(peer.Node.Events.Any(e => e.Kind is SctpEventKind.OutgoingStreamReset or SctpEventKind.OutgoingStreamResetFailed), Is.False);
        peer.Send(ReConfigChunk.Encode(new ReconfigurationResponse(request.RequestNumber, ReconfigurationResult.Performed)));
        Assert.That(peer.Node.Has(SctpEventKind.OutgoingStreamReset), Is.True);
    }

    [Test]
    public void Both_sides_may_reset_the_same_stream_at_once([Values(0, 0.2)] double loss, [Values] bool isInterleaving)
    {
        var pair = AssociationPair.Connected(new LinkConditions { LossRate = loss, ReorderRate = 0.2 }, new SctpOptions { MessageInterleaving = isInterleaving });
        for (byte round = 1; round <= 10; round++)
        {
            pair.SendA(Bytes.Random(4000, round), 3);
            pair.B.Association.Send(3, new SctpSendParameters(53), Bytes.Random(4000, round), pair.Pair.Now);
            pair.A.Association.ResetStream(3, pair.Pair.Now);
            pair.B.Association.ResetStream(3, pair.Pair.Now);
            Assert.That(pair.Pair.Drive(() => Resets(pair.A) == round && Resets(pair.B) == round, TimeSpan.FromMinutes(2)), Is.True);
        }

        Assert.That(pair.B.Messages.Select(message => message.Bytes), Is.EqualTo(Enumerable.Range(1, 10).Select(round => Bytes.Random(4000, round))));
        Assert.That(pair.A.Messages.Select(message => message.Bytes), Is.EqualTo(Enumerable.Range(1, 10).Select(round => Bytes.Random(4000, round))));

        static int Resets(AssociationNode node) => node.Events.Count(e => e.Kind == SctpEventKind.OutgoingStreamReset);
    }

    [Test]
    public void Many_resets_share_requests_of_which_one_is_under_way_at_a_time()
    {
        var peer = ScriptedPeer.Connected();
        for (ushort stream = 0; stream < 100; stream++)
        {
            peer.Association.ResetStream(stream, peer.Now);
            peer.Association.ResetStream(stream, peer.Now);
        }

        var request = Requests(peer).Single();
        Assert.That(request.Streams, Is.EqualTo(Enumerable.Range(0, 100).Select(stream => (ushort)stream)));
        peer.Association.ResetStream(7, peer.Now);
        Assert.That(Requests(peer), Is.Empty);
        peer.Send(ReConfigChunk.Encode(new ReconfigurationResponse(request.RequestNumber, ReconfigurationResult.Performed)));
        Assert.That(Requests(peer).Single().Streams, Is.EqualTo(new ushort[] { 7 }));
    }

    [Test]
    public void Data_queued_while_the_reset_is_under_way_waits_for_it_and_begins_anew()
    {
        var peer = ScriptedPeer.Connected();
        peer.Association.Send(2, new SctpSendParameters(53), [1], peer.Now);
        peer.PollData();
        peer.Association.ResetStream(2, peer.Now);
        var request = Requests(peer).Single();
        peer.Association.Send(2, new SctpSendParameters(53), [2], peer.Now);
        Assert.That(peer.PollData(), Is.Empty);
        peer.Send(ReConfigChunk.Encode(new ReconfigurationResponse(request.RequestNumber, ReconfigurationResult.Performed)));
        Assert.That(peer.PollData().Single().Ssn, Is.Zero);
    }

    [TestCase("")]
    [TestCase("000D 0010 {0} 00000000 {1} 000F 0008 {0}")]
    [TestCase("0010 000C 00000001 00000001 000D 0010 {0} 00000000 {1} 0010 000C 00000001 00000001")]
    [TestCase("000D 0010 {0} 00000000 {1} 000D 0010 {0} 00000000 {1}")]
    [TestCase("8123 0004")]
    public void Combination_of_parameters_that_a_chunk_may_not_have_is_reported_and_ignored(string parameters)
    {
        var peer = ScriptedPeer.Connected();
        var bytes = Bytes.FromHex(string.Format(System.Globalization.CultureInfo.InvariantCulture, parameters, $"{peer.NextTsn.Value:X8}", $"{peer.NextTsn.Previous.Value:X8}"));
        peer.Send(EncodedChunk.Create(ChunkType.ReConfig, 0, bytes));
        var error = peer.PollChunks().Single();
        Assert.That((error.Type, error.Value[1]), Is.EqualTo((ChunkType.Error, (byte)CauseCode.ProtocolViolation)));
        Assert.That(peer.Node.Has(SctpEventKind.IncomingStreamReset) || peer.Node.Has(SctpEventKind.AllIncomingStreamsReset), Is.False);
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Established));
    }

    [Test]
    public void Chunk_with_two_requests_is_answered_again_as_it_was()
    {
        var peer = ScriptedPeer.Connected();
        var number = peer.NextTsn.Value;
        var chunk = EncodedChunk.Create(
            ChunkType.ReConfig, 0, Bytes.FromHex($"000D 0012 {number:X8} 00000000 {peer.NextTsn.Previous.Value:X8} 0004 0000 000E 0008 {number + 1:X8}"));
        for (var i = 0; i < 2; i++)
        {
            peer.Send(chunk);
            Assert.That(Results(peer), Is.EqualTo(new[] { ReconfigurationResult.Performed, ReconfigurationResult.Denied }), $"time {i}");
        }

        Assert.That(peer.Node.Events.Count(e => e.Kind == SctpEventKind.IncomingStreamReset), Is.EqualTo(1));
    }

    [Test]
    public void Request_names_the_last_tsn_and_the_number_answered_last()
    {
        var peer = ScriptedPeer.Connected();
        var number = peer.NextTsn.Value;
        peer.Send(ReConfigChunk.Encode(new OutgoingResetRequest(number, 0, peer.NextTsn.Previous, [4])));
        peer.Association.Send(2, new SctpSendParameters(53), [1], peer.Now);
        var last = peer.PollData().Single().Tsn;
        peer.Association.ResetStream(2, peer.Now);
        var request = Requests(peer).Single();
        Assert.That((request.ResponseNumber, request.LastTsn), Is.EqualTo((number, last)));
        Assert.That(request.Streams, Is.EqualTo(new ushort[] { 2 }));
    }

    private static List<OutgoingResetRequest> Requests(ScriptedPeer peer)
    {
        var requests = new List<OutgoingResetRequest>();
        foreach (var (_, _, value) in peer.PollChunks().Where(chunk => chunk.Type == ChunkType.ReConfig))
        {
            Assert.That(OutgoingResetRequest.TryParse(value.AsSpan(4), out var request), Is.True);
            requests.Add(request!);
        }

        return requests;
    }

    private static IEnumerable<ReconfigurationResult> Results(ScriptedPeer peer)
    {
        foreach (var (_, _, value) in peer.PollChunks().Where(chunk => chunk.Type == ChunkType.ReConfig))
        {
            Assert.That(ReconfigurationResponse.TryParse(value.AsSpan(4), out var response), Is.True);
            yield return response.Result;
        }
    }
}
