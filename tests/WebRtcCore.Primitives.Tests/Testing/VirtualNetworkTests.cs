using WebRtcCore.Testing;

namespace WebRtcCore.Primitives.Tests.Testing;

public class VirtualNetworkTests
{
    [Test]
    public void A_datagram_arrives_after_the_delay_from_the_senders_address()
    {
        var (a, b, pair) = Make(new LinkConditions { Delay = TimeSpan.FromMilliseconds(40) });
        a.Send([1, 2]);
        Assert.That(pair.Drive(() => b.Received.Count == 1));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(b.Received[0].Bytes, Is.EqualTo(new byte[] { 1, 2 }));
            Assert.That(b.Received[0].Path, Is.EqualTo(Pair.PathB));
            Assert.That(b.Received[0].At - VirtualClock.Start, Is.EqualTo(TimeSpan.FromMilliseconds(40)));
        }
    }

    [Test]
    public void Timers_fire_at_their_instant_and_not_when_the_host_is_off()
    {
        var (a, b, pair) = Make(LinkConditions.Good);
        a.NextTimeout = pair.Now + TimeSpan.FromSeconds(3);
        b.NextTimeout = pair.Now + TimeSpan.FromSeconds(2);
        pair.B.IsOff = true;
        pair.Drive(TimeSpan.FromSeconds(10));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(a.Timeouts, Is.EqualTo(new[] { VirtualClock.Start + TimeSpan.FromSeconds(3) }));
            Assert.That(b.Timeouts, Is.Empty);
            Assert.That(pair.Network.Clock.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(10)));
        }
    }

    [Test]
    public void A_predicate_that_never_holds_ends_at_the_limit()
    {
        var (_, _, pair) = Make(LinkConditions.Good);
        Assert.That(pair.Drive(() => false, TimeSpan.FromSeconds(5)), Is.False);
        Assert.That(pair.Network.Clock.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void The_same_seed_gives_the_same_run()
    {
        var conditions = new LinkConditions { LossRate = 0.2, Jitter = TimeSpan.FromMilliseconds(9), ReorderRate = 0.1, DuplicationRate = 0.1, CorruptionRate = 0.1 };
        var first = Trace(5);
        var second = Trace(5);
        var other = Trace(6);
        Assert.That(second, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));

        string Trace(int seed)
        {
            var (a, b, pair) = Make(conditions, seed);
            for (var i = 0; i < 200; i++)
            {
                a.Send([(byte)i, 1, 2, 3]);
                pair.Drive(TimeSpan.FromMilliseconds(1));
            }

            pair.Drive(TimeSpan.FromSeconds(1));
            return string.Join(';', b.Received.Select(r => $"{r.At.Ticks}:{Convert.ToHexString(r.Bytes)}"));
        }
    }

    [Test]
    public void Random_loss_has_the_rate_asked_for()
    {
        var (a, b, pair) = Make(new LinkConditions { LossRate = 0.2 });
        SendMany(a, pair, 5000);
        Assert.That(b.Received, Has.Count.InRange(3850, 4150));
        Assert.That(pair.Network.Link(pair.A, pair.B).Lost, Is.EqualTo(5000 - b.Received.Count));
    }

    [Test]
    public void Bursts_lose_neighbours()
    {
        var (a, b, pair) = Make(new LinkConditions { BurstStartRate = 0.02, BurstEndRate = 0.2 });
        SendMany(a, pair, 5000);
        var lost = Enumerable.Range(0, 5000).Except(b.Received.Select(r => BitConverter.ToInt32(r.Bytes))).ToHashSet();
        Assert.That(lost, Has.Count.GreaterThan(200));
        Assert.That(lost.Count(i => lost.Contains(i + 1)), Is.GreaterThan(lost.Count / 2));
    }

    [Test]
    public void Jitter_alone_keeps_the_order_and_reordering_does_not()
    {
        var (a, b, pair) = Make(new LinkConditions { Jitter = TimeSpan.FromMilliseconds(20) });
        SendMany(a, pair, 500);
        Assert.That(b.Received.Select(r => BitConverter.ToInt32(r.Bytes)), Is.Ordered);

        (a, b, pair) = Make(new LinkConditions { ReorderRate = 0.1 });
        SendMany(a, pair, 500);
        Assert.That(b.Received, Has.Count.EqualTo(500));
        Assert.That(b.Received.Select(r => BitConverter.ToInt32(r.Bytes)), Is.Not.Ordered);
    }

    [Test]
    public void Duplicates_and_corrupted_datagrams_appear()
    {
        var (a, b, pair) = Make(new LinkConditions { DuplicationRate = 0.5 });
        SendMany(a, pair, 1000);
        Assert.That(b.Received, Has.Count.InRange(1400, 1600));

        (a, b, pair) = Make(new LinkConditions { CorruptionRate = 1 });
        a.Send([0, 0, 0, 0]);
        pair.Drive(TimeSpan.FromSeconds(1));
        Assert.That(b.Received[0].Bytes.Sum(x => int.PopCount(x)), Is.EqualTo(1));
    }

    [Test]
    public void Datagrams_above_the_MTU_vanish()
    {
        var (a, b, pair) = Make(new LinkConditions { Mtu = 1200 });
        a.Send(new byte[1200]);
        a.Send(new byte[1201]);
        pair.Drive(TimeSpan.FromSeconds(1));
        Assert.That(b.Received, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_bottleneck_paces_queues_and_drops_the_tail()
    {
        // 1228 bytes at 1 Mbit/s take 9.824 ms; 20 of them make more than the queue holds.
        var (a, b, pair) = Make(new LinkConditions { BandwidthBps = 1_000_000, QueueBytes = 12_280, Delay = TimeSpan.Zero });
        for (var i = 0; i < 20; i++)
        {
            a.Send(new byte[1200]);
        }

        pair.Drive(TimeSpan.FromSeconds(1));
        Assert.That(b.Received, Has.Count.EqualTo(11));
        Assert.That(pair.Network.Link(pair.A, pair.B).LostInQueue, Is.EqualTo(9));
        Assert.That((b.Received[1].At - b.Received[0].At).TotalMilliseconds, Is.EqualTo(9.824).Within(0.001));
    }

    [Test]
    public void Two_directions_may_share_a_bottleneck()
    {
        var (a, b, pair) = Make(LinkConditions.Good);
        var shared = new VirtualLink(new LinkConditions { BandwidthBps = 1_000_000, Delay = TimeSpan.Zero }, 1);
        pair.Network.SetLink(pair.A, pair.B, shared);
        pair.Network.SetLink(pair.B, pair.A, shared);
        a.Send(new byte[1200]);
        b.Send(new byte[1200]);
        pair.Drive(TimeSpan.FromSeconds(1));
        Assert.That((a.Received[0].At - b.Received[0].At).TotalMilliseconds, Is.EqualTo(9.824).Within(0.001));
    }

    [Test]
    public void A_link_that_is_down_in_one_direction_carries_the_other()
    {
        var (a, b, pair) = Make(LinkConditions.Good);
        pair.Network.Link(pair.A, pair.B).Conditions = new LinkConditions { IsDown = true };
        a.Send([1]);
        b.Send([2]);
        pair.Drive(TimeSpan.FromSeconds(1));
        Assert.That(a.Received, Has.Count.EqualTo(1));
        Assert.That(b.Received, Is.Empty);
    }

    [Test]
    public void An_interceptor_drops_swaps_and_repeats_single_datagrams()
    {
        var (a, b, pair) = Make(LinkConditions.Good);
        pair.Network.Interceptor = d => d.IndexOfSender switch
        {
            0 => DatagramFate.Drop,
            1 => DatagramFate.Delay(TimeSpan.FromMilliseconds(1)),
            3 => DatagramFate.Duplicate,
            _ => DatagramFate.Pass,
        };
        for (byte i = 0; i < 4; i++)
        {
            a.Send([i]);
        }

        pair.Drive(TimeSpan.FromSeconds(1));
        Assert.That(b.Received.Select(r => r.Bytes[0]), Is.EqualTo(new byte[] { 2, 3, 3, 1 }));
    }

    [Test]
    public void A_node_that_asks_for_the_same_instant_forever_is_reported()
    {
        var network = new VirtualNetwork();
        network.AddHost("stuck", new VirtualNode { OnNextTimeout = () => VirtualClock.Start }, Pair.AddressA);
        Assert.That(() => network.RunFor(TimeSpan.FromSeconds(1)), Throws.InvalidOperationException);
    }

    [Test]
    public void Sending_from_an_address_that_is_not_bound_is_reported()
    {
        var (a, _, pair) = Make(LinkConditions.Good);
        a.Send([1], new NetworkPath(Pair.AddressB, Pair.AddressA));
        Assert.That(() => pair.Drive(TimeSpan.FromSeconds(1)), Throws.InvalidOperationException);
    }

    private static (EchoNode A, EchoNode B, Pair Pair) Make(LinkConditions conditions, int seed = 1)
    {
        var a = new EchoNode();
        var b = new EchoNode();
        return (a, b, new Pair(a, b, seed, conditions));
    }

    private static void SendMany(EchoNode a, Pair pair, int count)
    {
        for (var i = 0; i < count; i++)
        {
            a.Send(BitConverter.GetBytes(i));
            pair.Drive(TimeSpan.FromMilliseconds(1));
        }

        pair.Drive(TimeSpan.FromSeconds(1));
    }
}
