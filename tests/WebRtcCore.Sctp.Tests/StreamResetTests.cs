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

    private static IEnumerable<ReconfigurationResult> Results(ScriptedPeer peer)
    {
        foreach (var (_, _, value) in peer.PollChunks().Where(chunk => chunk.Type == ChunkType.ReConfig))
        {
            Assert.That(ReconfigurationResponse.TryParse(value.AsSpan(4), out var response), Is.True);
            yield return response.Result;
        }
    }
}
