using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;
using WebRtcCore.Sctp.Receive;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests;

/// <summary>What a hostile or broken peer may try once DTLS lets it in.</summary>
public class SecurityTests
{
    [Test]
    public void Discards_data_chunk_with_wrong_verification_tag()
    {
        var peer = ScriptedPeer.Connected();
        peer.Send(peer.RemoteTag ^ 1, (ref PacketWriter packet) => DataChunk.Write(ref packet, 3, peer.NextTsn, 1, 0, 53, [1]));
        Assert.That(peer.Node.Messages, Is.Empty);
        Assert.That(peer.Poll(), Is.Empty);
        Assert.That(peer.Association.GetStatistics().PacketsDiscarded, Is.EqualTo(1));
    }

    [Test]
    public void Discards_packet_with_wrong_checksum_or_ports()
    {
        var peer = ScriptedPeer.Connected();
        var packet = ScriptedPeer.Build(peer.RemoteTag, (ref PacketWriter writer) => DataChunk.Write(ref writer, 3, peer.NextTsn, 1, 0, 53, [1]));
        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            peer.Deliver(packet);
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.That(peer.Node.Messages, Is.Empty);
        peer.Deliver(packet);
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public void Abort_counts_only_with_the_right_tag()
    {
        var peer = ScriptedPeer.Connected();
        var abort = AbortChunk.Encode(isTagReflected: false, CauseCode.UserInitiatedAbort, "bye"u8);
        peer.Send(peer.RemoteTag + 1, (ref PacketWriter packet) => packet.AddEncoded(abort));
        peer.Send(ScriptedPeer.Tag, (ref PacketWriter packet) => packet.AddEncoded(abort));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Established));

        var reflected = AbortChunk.Encode(isTagReflected: true, null, []);
        peer.Send(peer.RemoteTag, (ref PacketWriter packet) => packet.AddEncoded(reflected));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Established));
        peer.Send(ScriptedPeer.Tag, (ref PacketWriter packet) => packet.AddEncoded(reflected));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Closed));
        Assert.That(peer.Poll(), Is.Empty, "an ABORT is not answered");
    }

    [Test]
    public void Abort_reason_of_the_peer_holds_no_control_characters()
    {
        var peer = ScriptedPeer.Connected();
        peer.Send(AbortChunk.Encode(isTagReflected: false, CauseCode.UserInitiatedAbort, "a\r\nb"u8));
        Assert.That(peer.Association.Error, Is.EqualTo(new SctpError(SctpErrorKind.AbortedByPeer, 12, "a  b")));
    }

    [Test]
    public void Sack_of_data_never_sent_changes_nothing()
    {
        var peer = ScriptedPeer.Connected();
        peer.Association.Send(1, new SctpSendParameters(53), Bytes.Random(5000), peer.Now);
        var sent = peer.PollData();
        var before = peer.Association.GetStatistics();
        var last = sent[^1].Tsn;

        peer.SendSack(last + 1);
        peer.SendSack(last + 1000);
        peer.SendSack(sent[0].Tsn, ScriptedPeer.Window, (2, 60_000));
        peer.SendSack(sent[0].Tsn, ScriptedPeer.Window, (3, 2));
        peer.SendSack(sent[0].Tsn, ScriptedPeer.Window, (2, 3), (3, 4));
        Assert.That(peer.Association.GetStatistics().BytesInFlight, Is.EqualTo(before.BytesInFlight));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Established));
        peer.SendSack(last);
        Assert.That(peer.Association.GetStatistics().BytesInFlight, Is.Zero);
    }

    [Test]
    public void Reneged_data_is_sent_again()
    {
        var peer = ScriptedPeer.Connected();
        peer.Association.Send(1, new SctpSendParameters(53), Bytes.Random(5000), peer.Now);
        var sent = peer.PollData();
        var first = sent[0].Tsn;
        peer.Advance(TimeSpan.FromMilliseconds(50));
        peer.SendSack(first, ScriptedPeer.Window, (2, 3));
        Assert.That(peer.Association.GetStatistics().BytesInFlight, Is.EqualTo(sent[1].Payload.Length + sent[4].Payload.Length));

        // Acknowledged by gap blocks, then not any more: the peer keeps in order what comes from now on.
        peer.SendSack(first);
        var again = new HashSet<Tsn>();
        for (var i = 0; i < 20 && again.Count < 4; i++)
        {
            peer.Advance(TimeSpan.FromMilliseconds(500));
            again.UnionWith(peer.PollData().Select(data => data.Tsn));
            var inOrder = first;
            while (again.Contains(inOrder.Next))
            {
                inOrder = inOrder.Next;
            }

            peer.SendSack(inOrder);
        }

        Assert.That(again, Is.EquivalentTo(sent.Skip(1).Select(data => data.Tsn)));
    }

    [Test]
    public void Shrunken_and_zero_windows_hold_sending_back_and_lose_nothing()
    {
        var peer = ScriptedPeer.Connected();
        peer.Association.Send(1, new SctpSendParameters(53), Bytes.Random(100_000), peer.Now);
        var received = new List<byte>();
        var last = Collect(peer.PollData());
        peer.SendSack(last, window: 0);
        Assert.That(peer.PollData(), Is.Empty);

        // The window is probed with one fragment at a time, more and more rarely.
        peer.Advance(TimeSpan.FromSeconds(1));
        var probe = peer.PollData();
        Assert.That(probe, Has.Count.EqualTo(1));
        Collect(probe);
        Assert.That(peer.PollData(), Is.Empty);
        peer.SendSack(last, window: 0);
        peer.Advance(TimeSpan.FromSeconds(60));
        Assert.That(peer.Poll().SelectMany(ScriptedPeer.Types).Count(type => type == ChunkType.Data), Is.LessThan(25));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Established));

        peer.SendSack(probe[0].Tsn);
        while (received.Count < 100_000)
        {
            var data = peer.PollData();
            Assert.That(data, Is.Not.Empty);
            peer.SendSack(Collect(data));
        }

        Assert.That(received, Is.EqualTo(Bytes.Random(100_000)));

        Tsn Collect(List<ScriptedPeer.DataSent> data)
        {
            foreach (var chunk in data)
            {
                received.AddRange(chunk.Payload);
            }

            return data[^1].Tsn;
        }
    }

    [Test]
    public void Duplicate_tsns_are_reported_once_and_deliver_nothing_twice()
    {
        var peer = ScriptedPeer.Connected();
        var tsn = peer.SendData(1, 0, [1]);
        peer.SendData(1, 1, [2], tsn: tsn + 2);
        peer.Poll();
        peer.SendData(1, 0, [1], tsn: tsn);
        peer.SendData(1, 1, [2], tsn: tsn + 2);
        var sack = peer.PollChunks().Last(chunk => chunk.Type == ChunkType.Sack);
        Assert.That(sack.Value[10..12], Is.EqualTo(Bytes.FromHex("0002")));
        Assert.That(sack.Value[16..], Is.EqualTo(Bytes.FromHex($"{tsn.Value:X8} {(tsn + 2).Value:X8}")));
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(2).Or.Count.EqualTo(1));
        Assert.That(peer.Node.Messages.Select(message => message.Bytes[0]), Is.Unique);
        Assert.That(peer.Association.GetStatistics().DuplicatesReceived, Is.EqualTo(2));
    }

    [Test]
    public void Receive_buffer_is_bounded_and_its_window_honest()
    {
        var peer = new ScriptedPeer(new SctpOptions { ReceiveBufferSize = 65_536, MaxReceiveMessageSize = 4096 });
        peer.Node.IsConsuming = false;
        peer.Connect();
        for (var i = 0; i < 1000; i++)
        {
            peer.SendData(1, (ushort)i, Bytes.Random(1000));
        }

        Assert.That(peer.Node.Messages.Sum(message => message.Bytes.Length), Is.LessThanOrEqualTo(65_536));
        Assert.That(peer.Association.GetStatistics().LocalReceiverWindow, Is.LessThan(1100));
        var sack = peer.PollChunks().Last(chunk => chunk.Type == ChunkType.Sack);
        Assert.That(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(sack.Value.AsSpan(4)), Is.LessThan(1100));

        // When the application has consumed it the peer hears of it at once.
        foreach (var message in peer.Node.Messages)
        {
            peer.Association.ReleaseReceiveCredit(message.Bytes.Length, peer.Now);
        }

        var update = peer.PollChunks().Single(chunk => chunk.Type == ChunkType.Sack);
        Assert.That(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(update.Value.AsSpan(4)), Is.EqualTo(65_536));
    }

    [Test]
    public void Tiny_messages_cannot_outgrow_the_receive_buffer()
    {
        var peer = new ScriptedPeer(new SctpOptions { ReceiveBufferSize = 65_536 });
        peer.Node.IsConsuming = false;
        peer.Connect();
        for (var i = 0; i < 20_000; i++)
        {
            peer.SendData(1, (ushort)i, [1]);
        }

        Assert.That(peer.Node.Messages, Has.Count.LessThanOrEqualTo(65_536 / ReceiveBudget.MessageOverhead));
    }

    [Test]
    public void Fragments_without_end_are_bounded_by_the_message_limit()
    {
        var peer = ScriptedPeer.Connected(new SctpOptions { ReceiveBufferSize = 65_536, MaxReceiveMessageSize = 10_000 });
        peer.SendData(1, 0, Bytes.Random(1000), DataChunk.BeginFlag);
        for (var i = 0; i < 2000; i++)
        {
            peer.SendData(1, 0, Bytes.Random(1000), flags: 0);
            Assert.That(peer.Association.GetStatistics().LocalReceiverWindow, Is.GreaterThan(50_000));
        }

        peer.SendData(1, 0, [1], DataChunk.EndFlag);
        Assert.That(peer.Node.Events.Count(e => e.Kind == SctpEventKind.MessageDropped), Is.EqualTo(1));
        peer.SendData(1, 1, [7]);
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public void Fragments_out_of_order_are_bounded_by_the_receive_buffer()
    {
        var peer = ScriptedPeer.Connected(new SctpOptions { ReceiveBufferSize = 65_536 });
        for (var i = 0; i < 5000; i++)
        {
            peer.SendData(1, 0, Bytes.Random(1000), flags: 0, tsn: peer.NextTsn + 1 + i);
        }

        Assert.That(peer.Association.GetStatistics().LocalReceiverWindow, Is.LessThan(1000));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Established));
    }

    [Test]
    public void Far_future_tsn_is_dropped()
    {
        var peer = ScriptedPeer.Connected();
        peer.SendData(1, 0, [1], tsn: peer.NextTsn + 70_000);
        peer.SendData(1, 0, [1], tsn: peer.NextTsn + 2_000_000_000);
        Assert.That(peer.Node.Messages, Is.Empty);
        peer.SendData(1, 0, [2]);
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public void Forward_tsn_may_jump_as_far_as_it_likes()
    {
        var peer = ScriptedPeer.Connected();
        peer.SendData(1, 0, Bytes.Random(100), DataChunk.BeginFlag);
        peer.SendData(2, 1, Bytes.Random(100));
        var streams = Enumerable.Range(0, 1000).Select(i => new SkippedMessages((ushort)i, false, 30_000)).ToArray();
        var target = peer.NextTsn + 1_000_000_000;
        peer.Send((ref PacketWriter packet) => ForwardTsnChunk.Write(ref packet, target, streams));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Established));
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(1), "what was complete is delivered");
        peer.NextTsn = target.Next;
        peer.SendData(1, 30_001, [3]);
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(2));
        Assert.That(peer.Association.GetStatistics().LocalReceiverWindow, Is.EqualTo(5 * 1024 * 1024));
    }

    [Test]
    public void Flood_of_reconfigurations_and_heartbeats_is_answered_within_bounds()
    {
        var peer = ScriptedPeer.Connected();
        for (var i = 0; i < 10_000; i++)
        {
            var request = new OutgoingResetRequest((uint)(i * 7), 0, peer.NextTsn.Previous, [1, 2, 3]);
            peer.Send(ReConfigChunk.Encode(request));
            peer.Send(HeartbeatChunk.Encode(new byte[500]));
        }

        Assert.That(peer.PollChunks(), Has.Count.LessThan(40));
    }

    [Test]
    public void Malformed_chunks_of_every_kind_end_the_association_or_are_dropped_but_never_throw()
    {
        foreach (var type in Enumerable.Range(0, 256))
        {
            for (var length = 0; length < 24; length++)
            {
                var peer = ScriptedPeer.Connected();
                var value = Enumerable.Repeat((byte)0xFF, length).ToArray();
                Assert.That(() => peer.Send(EncodedChunk.Create((ChunkType)type, 0xFF, value)), Throws.Nothing);
                Assert.That(() => peer.Poll(), Throws.Nothing);
            }
        }
    }

    [Test]
    public void Data_without_payload_is_answered_with_abort_and_its_tsn()
    {
        var peer = ScriptedPeer.Connected();
        var tsn = peer.SendData(1, 0, []);
        var abort = peer.PollChunks().Single(chunk => chunk.Type == ChunkType.Abort);
        Assert.That(abort.Value, Is.EqualTo(Bytes.FromHex("00090008" + tsn.Value.ToString("X8"))));
    }

    [Test]
    public void Data_on_a_stream_beyond_the_negotiated_is_acknowledged_and_reported()
    {
        var peer = ScriptedPeer.Connected();
        var tsn = peer.SendData(100, 0, [1]);
        var chunks = peer.PollChunks();
        Assert.That(peer.Node.Messages, Is.Empty);
        Assert.That(chunks.Single(chunk => chunk.Type == ChunkType.Error).Value, Is.EqualTo(Bytes.FromHex("00010008 00640000")));
        Assert.That(chunks.Single(chunk => chunk.Type == ChunkType.Sack).Value[..4], Is.EqualTo(Bytes.FromHex(tsn.Value.ToString("X8"))));
    }

    [TestCase(0x3E, false, false)]
    [TestCase(0x7E, false, true)]
    [TestCase(0xBE, true, false)]
    [TestCase(0xFE, true, true)]
    public void Unknown_chunk_is_treated_as_its_highest_bits_say(int type, bool isSkipped, bool isReported)
    {
        var peer = ScriptedPeer.Connected();
        peer.Send((ref PacketWriter packet) =>
        {
            packet.AddChunk((ChunkType)type, 0, 0);
            DataChunk.Write(ref packet, 3, peer.NextTsn, 1, 0, 53, [1]);
        });
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(isSkipped ? 1 : 0));
        Assert.That(peer.PollChunks().Any(chunk => chunk.Type == ChunkType.Error), Is.EqualTo(isReported));
    }

    [Test]
    public void Packets_after_the_end_are_answered_with_abort_but_never_an_abort()
    {
        var peer = ScriptedPeer.Connected();
        peer.Association.Abort(peer.Now, "done");
        peer.Poll();
        peer.SendData(1, 0, [1]);
        Assert.That(peer.PollChunks().Single().Type, Is.EqualTo(ChunkType.Abort));
        peer.Send(AbortChunk.Encode(false, null, []));
        Assert.That(peer.Poll(), Is.Empty);
    }

    [Test]
    public void Random_sequences_of_packets_calls_and_timeouts_never_throw()
    {
        for (var seed = 0; seed < 90; seed++)
        {
            var random = new SeededRandomSource(seed);
            var peer = (seed % 3) switch
            {
                0 => ScriptedPeer.Connected(initialTsn: new Tsn(uint.MaxValue - 20)),
                1 => ScriptedPeer.Interleaving(),
                _ => new ScriptedPeer(),
            };
            for (var step = 0; step < 300; step++)
            {
                Disturb(peer, random);
            }
        }
    }

    private static void Disturb(ScriptedPeer peer, SeededRandomSource random)
    {
        var tsn = peer.NextTsn + random.Next(6) + -2;
        switch (random.Next(12))
        {
            case 0 or 1 or 2 when peer.IsInterleaving:
                peer.SendInterleaved((ushort)random.Next(4), (uint)random.Next(4), (uint)random.Next(4), new byte[1 + random.Next(900)], (byte)random.Next(16), random.Next(2) == 0 ? tsn : null);
                break;
            case 4 when peer.IsInterleaving:
                peer.Send((ref PacketWriter packet) => InterleavedForwardTsnChunk.Write(ref packet, tsn, [new SkippedMessages((ushort)random.Next(4), random.Next(2) == 0, (uint)random.Next(9))]));
                break;
            case 0 or 1 or 2:
                peer.SendData((ushort)random.Next(4), (ushort)random.Next(4), new byte[1 + random.Next(900)], (byte)random.Next(16), random.Next(2) == 0 ? tsn : null);
                break;
            case 3:
                peer.SendSack(peer.RemoteInitialTsn + random.Next(40), (uint)random.Next(100_000), ((ushort)random.Next(5), (ushort)random.Next(9)));
                break;
            case 4:
                peer.Send((ref PacketWriter packet) => ForwardTsnChunk.Write(ref packet, tsn, [new SkippedMessages((ushort)random.Next(4), false, (uint)random.Next(9))]));
                break;
            case 5:
                peer.Send(ReConfigChunk.Encode(new OutgoingResetRequest(peer.Init.InitialTsn.Value + (uint)random.Next(3), 0, tsn, [(ushort)random.Next(4)])));
                break;
            case 6:
                peer.Association.Send((ushort)random.Next(4), new SctpSendParameters(53, random.Next(2) == 0, random.Next(2) == 0 ? 0 : null), new byte[1 + random.Next(5000)], peer.Now);
                break;
            case 7:
                peer.Association.ResetStream((ushort)random.Next(4), peer.Now);
                break;
            case 8:
                peer.Advance(TimeSpan.FromMilliseconds(random.Next(3000)));
                break;
            case 9:
                peer.Poll();
                break;
            case 10:
                var junk = new byte[random.Next(60)];
                random.Fill(junk);
                peer.Send(EncodedChunk.Create((ChunkType)random.Next(16), (byte)random.Next(16), junk));
                break;
            case 11 when random.Next(40) == 0:
                peer.Association.Shutdown(peer.Now);
                break;
        }
    }
}
