using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests;

public class AssociationLifeTests
{
    [Test]
    public void Sequence_numbers_wrap_around_in_both_directions()
    {
        // Tags and initial TSNs of all ones but for the last byte: the TSN wraps after a few chunks.
        var a = new AssociationNode(new NearlyOnes(1));
        var b = new AssociationNode(new NearlyOnes(2));
        var link = new Pair(a, b, 3, new LinkConditions { LossRate = 0.05, ReorderRate = 0.05 });
        a.Association.Associate(link.Now);
        Assert.That(link.Drive(() => a.Association.State == SctpAssociationState.Established && b.Association.State == SctpAssociationState.Established), Is.True);
        for (var i = 0; i < 50; i++)
        {
            a.Association.Send(1, new SctpSendParameters(53), Bytes.Random(20_000, i), link.Now);
            b.Association.Send(1, new SctpSendParameters(53, IsUnordered: true), Bytes.Random(2000, i), link.Now);
        }

        Assert.That(link.Drive(() => b.Messages.Count == 50 && a.Messages.Count == 50, TimeSpan.FromMinutes(5)), Is.True);
        Assert.That(b.Messages.Select(message => message.Bytes), Is.EqualTo(Enumerable.Range(0, 50).Select(i => Bytes.Random(20_000, i))));
    }

    [Test]
    public void Stream_sequence_numbers_wrap_around()
    {
        var pair = AssociationPair.Connected(optionsA: new SctpOptions { MessageInterleaving = false });
        for (var i = 0; i < 66_000; i++)
        {
            pair.SendA([(byte)i, (byte)(i >> 8), (byte)(i >> 16)]);
        }

        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 66_000, TimeSpan.FromMinutes(5)), Is.True);
        Assert.That(pair.B.Messages.Select(message => message.Bytes[0] | (message.Bytes[1] << 8) | (message.Bytes[2] << 16)), Is.EqualTo(Enumerable.Range(0, 66_000)));
    }

    [Test]
    public void Shutdown_from_both_sides_at_once_ends_in_order()
    {
        var pair = AssociationPair.Connected();
        pair.SendA(Bytes.Random(30_000));
        pair.A.Association.Shutdown(pair.Pair.Now);
        pair.B.Association.Shutdown(pair.Pair.Now);
        Assert.That(pair.Pair.Drive(() => BothClosed(pair)), Is.True);
        Assert.That(pair.B.Messages, Has.Count.EqualTo(1));
        Assert.That(pair.A.Association.Error, Is.Null);
        Assert.That(pair.B.Association.Error, Is.Null);
    }

    [Test]
    public void Shutdown_ends_whichever_of_its_datagrams_is_lost([Range(1, 5)] int lost)
    {
        var pair = AssociationPair.Connected();
        pair.Pair.Drive(TimeSpan.FromSeconds(1));
        var count = 0;
        pair.Pair.Network.Interceptor = _ => ++count == lost ? DatagramFate.Drop : DatagramFate.Pass;
        pair.A.Association.Shutdown(pair.Pair.Now);
        Assert.That(pair.Pair.Drive(() => BothClosed(pair)), Is.True);
        Assert.That((pair.A.Association.Error, pair.B.Association.Error), Is.EqualTo(((SctpError?)null, (SctpError?)null)));
        Assert.That(pair.A.Association.NextTimeout, Is.Null);
    }

    [Test]
    public void Abort_before_the_association_is_there_is_silent()
    {
        var pair = new AssociationPair();
        pair.A.Association.Associate(pair.Pair.Now);
        pair.A.Association.Abort(pair.Pair.Now, "changed my mind");
        pair.Pair.Drive(TimeSpan.FromSeconds(5));
        Assert.That(pair.A.Association.State, Is.EqualTo(SctpAssociationState.Closed));
        Assert.That(pair.A.Association.Send(1, new SctpSendParameters(53), [1], pair.Pair.Now), Is.False);
    }

    [Test]
    public void Silent_peer_is_found_out_by_heartbeats()
    {
        var options = new SctpOptions { MaxRetransmissions = 5, HeartbeatInterval = TimeSpan.FromSeconds(10) };
        var pair = AssociationPair.Connected(optionsA: options);
        pair.Pair.Drive(TimeSpan.FromMinutes(5));
        Assert.That(pair.AreEstablished, Is.True);
        Assert.That(pair.A.Association.GetStatistics().RoundTripTime, Is.EqualTo(TimeSpan.FromMilliseconds(2)));
        pair.Pair.Network.Conditions = new LinkConditions { IsDown = true };
        Assert.That(pair.Pair.Drive(() => BothClosed(pair), TimeSpan.FromMinutes(5)), Is.True);
        Assert.That(pair.A.Association.Error!.Kind, Is.EqualTo(SctpErrorKind.PeerUnreachable));
    }

    [Test]
    public void Heartbeats_fall_on_whole_seconds_that_associations_of_one_clock_share()
    {
        var pair = AssociationPair.Connected(new LinkConditions { Delay = TimeSpan.FromMilliseconds(7) });
        pair.Pair.Drive(TimeSpan.FromMilliseconds(1234));
        for (var i = 0; i < 20; i++)
        {
            var due = pair.A.Association.NextTimeout!.Value;
            Assert.That(due.Ticks % TimeSpan.TicksPerSecond, Is.Zero);
            pair.Pair.Drive(due - pair.Pair.Now + TimeSpan.FromMilliseconds(300));
        }
    }

    [Test]
    public void Idle_association_sends_next_to_nothing()
    {
        var pair = AssociationPair.Connected();
        pair.Pair.Drive(TimeSpan.FromSeconds(1));
        var before = pair.Pair.A.DatagramsSent;
        pair.Pair.Drive(TimeSpan.FromMinutes(10));
        Assert.That(pair.Pair.A.DatagramsSent - before, Is.LessThanOrEqualTo(42));
    }

    [Test]
    public void Transfer_goes_on_after_a_black_out_of_ten_seconds()
    {
        var pair = AssociationPair.Connected(new LinkConditions { Delay = TimeSpan.FromMilliseconds(20), BandwidthBps = 20_000_000 });
        for (var i = 0; i < 40; i++)
        {
            pair.SendA(Bytes.Random(60_000, i));
        }

        pair.Pair.Drive(TimeSpan.FromMilliseconds(300));
        var conditions = pair.Pair.Network.Conditions;
        pair.Pair.Network.Conditions = conditions with { IsDown = true };
        pair.Pair.Drive(TimeSpan.FromSeconds(10));
        pair.Pair.Network.Conditions = conditions;
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 40, TimeSpan.FromSeconds(20)), Is.True);
    }

    [Test]
    public void Streams_take_turns()
    {
        var pair = AssociationPair.Connected(new LinkConditions { BandwidthBps = 2_000_000 });
        for (var i = 0; i < 50; i++)
        {
            pair.SendA(Bytes.Random(10_000, i), 1);
        }

        pair.SendA([1], 2);
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Any(message => message.StreamId == 2)), Is.True);
        Assert.That(pair.B.Messages, Has.Count.LessThan(5));
    }

    [Test]
    public void Padding_is_discarded_and_the_rest_of_the_packet_read()
    {
        var peer = ScriptedPeer.Connected();
        peer.Send((ref PacketWriter packet) =>
        {
            packet.AddChunk((ChunkType)0x84, 0, 101).Fill(0x55);
            DataChunk.Write(ref packet, 3, peer.NextTsn, 1, 0, 53, [1, 2, 3]);
        });
        Assert.That(peer.Node.Messages.Single().Bytes, Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(peer.PollChunks().Select(chunk => chunk.Type), Has.None.EqualTo(ChunkType.Error));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Established));
    }

    [Test]
    public void Heartbeats_end_with_the_shutdown_and_back_off_before()
    {
        var peer = ScriptedPeer.Connected(new SctpOptions { HeartbeatInterval = TimeSpan.FromSeconds(5), MaxRetransmissions = 100 });
        var times = new List<TimeSpan>();
        for (var tick = 0; tick < 600; tick++)
        {
            peer.Advance(TimeSpan.FromMilliseconds(100));
            times.AddRange(peer.PollChunks().Where(chunk => chunk.Type == ChunkType.Heartbeat).Select(_ => TimeSpan.FromMilliseconds(100 * tick)));
        }

        Assert.That(times, Has.Count.InRange(6, 12));
        Assert.That(times[^1] - times[^2], Is.GreaterThan(times[1] - times[0]), "nothing was answered");
        peer.Association.Shutdown(peer.Now);
        peer.Advance(TimeSpan.FromMinutes(2));
        var chunks = peer.PollChunks().Select(chunk => chunk.Type).ToArray();
        Assert.That(chunks, Does.Contain(ChunkType.Shutdown).And.None.EqualTo(ChunkType.Heartbeat));
    }

    [Test]
    public void Peer_that_is_heard_while_shutdown_is_under_way_is_not_given_up()
    {
        var peer = ScriptedPeer.Connected(new SctpOptions { MaxRetransmissions = 3 });
        peer.Association.Shutdown(peer.Now);
        for (var i = 0; i < 60; i++)
        {
            Assert.That(peer.PollChunks().Select(chunk => chunk.Type), Does.Contain(ChunkType.Shutdown), $"round {i}");
            peer.Advance(TimeSpan.FromMilliseconds(700));
            peer.SendData(1, (ushort)i, [1]);
        }

        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.ShutdownSent));
        Assert.That(peer.Node.Messages, Has.Count.EqualTo(60));
        peer.Advance(TimeSpan.FromSeconds(30));
        Assert.That(peer.Association.Error!.Kind, Is.EqualTo(SctpErrorKind.PeerUnreachable));
    }

    [Test]
    public void Data_with_a_gap_while_shutdown_is_under_way_is_answered_with_shutdown_and_sack()
    {
        var peer = ScriptedPeer.Connected();
        peer.SendData(1, 0, [1]);
        peer.Association.Shutdown(peer.Now);
        peer.Poll();
        peer.SendData(1, 2, [3], tsn: peer.NextTsn + 1);
        Assert.That(peer.PollChunks().Select(chunk => chunk.Type), Is.EquivalentTo(new[] { ChunkType.Sack, ChunkType.Shutdown }));
    }

    [Test]
    public void Nothing_can_be_sent_once_the_association_ends([Values] bool isAskedByPeer)
    {
        var peer = ScriptedPeer.Connected();
        Assert.That(peer.Association.Send(1, new SctpSendParameters(53), [1], peer.Now), Is.True);
        if (isAskedByPeer)
        {
            peer.Send((ref PacketWriter packet) => ShutdownChunk.Write(ref packet, peer.RemoteInitialTsn.Previous));
            Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.ShutdownReceived));
        }
        else
        {
            peer.Association.Shutdown(peer.Now);
            Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.ShutdownPending));
        }

        Assert.That(peer.Association.Send(1, new SctpSendParameters(53), [2], peer.Now), Is.False);
    }

    [Test]
    public void Send_on_a_stream_that_the_peer_does_not_take_is_refused()
    {
        var peer = ScriptedPeer.Connected();
        Assert.That(peer.Association.OutgoingStreams, Is.EqualTo(100));
        Assert.That(peer.Association.Send(99, new SctpSendParameters(53), [1], peer.Now), Is.True);
        Assert.That(peer.Association.Send(100, new SctpSendParameters(53), [1], peer.Now), Is.False);
    }

    [TestCase(-1, false)]
    [TestCase(0, true)]
    [TestCase(500, true)]
    [TestCase(501, false)]
    public void Sack_delay_is_at_most_half_a_second(int milliseconds, bool isValid)
    {
        var options = new SctpOptions { SackDelay = TimeSpan.FromMilliseconds(milliseconds) };
        Assert.That(() => new SctpAssociation(options, new SeededRandomSource(1)), isValid ? Throws.Nothing : Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Abort_with_a_reason_that_fits_no_packet_ends_this_side_and_says_nothing()
    {
        var peer = ScriptedPeer.Connected();
        peer.Association.Abort(peer.Now, new string('x', 5000));
        Assert.That(peer.Association.State, Is.EqualTo(SctpAssociationState.Closed));
        var buffer = new byte[1160];
        Assert.That(peer.Association.TryPollTransmit(buffer, out _), Is.False);
    }

    private static bool BothClosed(AssociationPair pair) =>
        pair.A.Association.State == SctpAssociationState.Closed && pair.B.Association.State == SctpAssociationState.Closed;

    private sealed class NearlyOnes(int seed) : Primitives.IRandomSource
    {
        private readonly SeededRandomSource _random = new(seed);

        public void Fill(Span<byte> destination)
        {
            _random.Fill(destination);
            if (destination.Length == sizeof(uint))
            {
                destination[..3].Fill(0xFF);
            }
        }
    }
}
