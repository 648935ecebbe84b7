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
