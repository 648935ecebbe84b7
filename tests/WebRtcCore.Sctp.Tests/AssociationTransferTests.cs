using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests;

[TestFixture(true)]
[TestFixture(false)]
public class AssociationTransferTests(bool isInterleaving)
{
    [Test]
    public void Exchanges_messages_both_ways()
    {
        var pair = Connected();
        pair.SendA([1, 2, 3]);
        pair.B.Association.Send(2, new SctpSendParameters(51), [4], pair.Pair.Now);

        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 1 && pair.A.Messages.Count == 1), Is.True);
        Assert.That(pair.B.Messages[0], Is.EqualTo(((ushort)1, 53u, new byte[] { 1, 2, 3 })));
        Assert.That(pair.A.Messages[0].Ppid, Is.EqualTo(51));
    }

    [TestCase(100, true)]
    [TestCase(1, false)]
    public void Sack_for_two_packets_is_awaited_by_a_peer_that_is_not_near(int roundTripMilliseconds, bool isAwaited)
    {
        var pair = Connected(new LinkConditions { Delay = TimeSpan.FromMilliseconds(roundTripMilliseconds / 2.0) });
        pair.B.Association.Send(2, new SctpSendParameters(51), [4], pair.Pair.Now);
        pair.SendA([1]);
        Assert.That(pair.Pair.Drive(() => pair.A.Messages.Count == 1 && pair.B.Messages.Count == 1), Is.True);
        pair.Pair.Drive(TimeSpan.FromSeconds(1));

        // What A sends for a message of several packets, handled by B in one go.
        Assert.That(pair.A.Association.Send(1, new SctpSendParameters(51), new byte[3000], pair.Pair.Now), Is.True);
        var buffer = new byte[2000];
        var sacks = 0;
        var packets = 0;
        while (pair.A.Association.TryPollTransmit(buffer, out var transmit))
        {
            pair.B.Association.HandleDatagram(buffer.AsSpan(0, transmit.Length), pair.Pair.Now);
            packets++;
            Assert.That(pair.B.Association.IsSackAwaited, Is.EqualTo(isAwaited && packets % 2 == 0));
            while (pair.B.Association.IsSackAwaited && pair.B.Association.TryPollTransmit(buffer, out _))
            {
                sacks++;
            }
        }

        Assert.That((packets, sacks), Is.EqualTo((3, isAwaited ? 1 : 0)));
    }

    [Test]
    public void Delivers_messages_of_every_size()
    {
        var pair = Connected();
        int[] sizes = [1, 2, 3, 4, 1131, 1132, 1133, 1200, 2264, 65_535, 65_536, 262_144];
        foreach (var size in sizes)
        {
            pair.SendA(Bytes.Random(size, size));
        }

        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == sizes.Length), Is.True);
        for (var i = 0; i < sizes.Length; i++)
        {
            Assert.That(pair.B.Messages[i].Bytes, Is.EqualTo(Bytes.Random(sizes[i], sizes[i])));
        }
    }

    [Test]
    public void Every_byte_arrives_in_order_whatever_the_network_does(
        [Values(0, 0.05, 0.1, 0.2, 0.5)] double loss, [Values(1, 2, 3)] int seed)
    {
        var conditions = new LinkConditions
        {
            Delay = TimeSpan.FromMilliseconds(10),
            Jitter = TimeSpan.FromMilliseconds(3),
            LossRate = loss,
            ReorderRate = 0.05,
            DuplicationRate = 0.05,
            CorruptionRate = 0.02,
        };
        var pair = Connected(conditions, seed: seed);
        for (var i = 0; i < 60; i++)
        {
            pair.SendA(Bytes.Random(100 + (i * 137), i), (ushort)(i % 3));
        }

        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 60, TimeSpan.FromMinutes(30)), Is.True, $"{pair.B.Messages.Count} of 60, {pair.A.Association.GetStatistics()}");
        for (var stream = 0; stream < 3; stream++)
        {
            var received = pair.B.Messages.Where(m => m.StreamId == stream).Select(m => m.Bytes);
            var sent = Enumerable.Range(0, 60).Where(i => i % 3 == stream).Select(i => Bytes.Random(100 + (i * 137), i));
            Assert.That(received, Is.EqualTo(sent));
        }
    }

    [Test]
    public void Fills_a_path_of_50_ms()
    {
        var conditions = new LinkConditions { Delay = TimeSpan.FromMilliseconds(25), BandwidthBps = 18_000_000 };
        var pair = Connected(conditions);
        var start = pair.Pair.Now;
        for (var i = 0; i < 320; i++)
        {
            pair.SendA(Bytes.Random(65_536, i));
        }

        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 320, TimeSpan.FromMinutes(5)), Is.True);
        var seconds = (pair.Pair.Now - start).TotalSeconds;
        var megabits = 320 * 65_536 * 8 / seconds / 1e6;
        TestContext.Out.WriteLine($"{megabits:0.0} Mbit/s, {pair.A.Association.GetStatistics()}");
        Assert.That(megabits, Is.GreaterThan(12));
    }

    private AssociationPair Connected(LinkConditions? conditions = null, int seed = 1) =>
        AssociationPair.Connected(conditions, new SctpOptions { MessageInterleaving = isInterleaving }, seed: seed);
}
