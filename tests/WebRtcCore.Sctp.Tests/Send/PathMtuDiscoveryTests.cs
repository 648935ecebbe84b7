using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Send;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Send;

public class PathMtuDiscoveryTests
{
    private const int BaseSize = 1160;

    // DTLS record, UDP, IPv4.
    private const int Overhead = 37 + 28;

    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(50);

    [Test]
    public void Nothing_is_sent_before_a_full_packet_has_been_acknowledged()
    {
        var path = new Path(1500);
        path.Deliver(500);
        Assert.That(path.Core.State, Is.EqualTo(PathMtuState.Base));
        Assert.That(path.Core.IsProbeDue, Is.False);
        Assert.That(path.Core.Deadline, Is.Null);
        Assert.That(path.Core.PacketSize, Is.EqualTo(BaseSize));
        path.Deliver(BaseSize);
        Assert.That(path.Core.State, Is.EqualTo(PathMtuState.Searching));
        Assert.That(path.Core.IsProbeDue, Is.True);
    }

    [Test]
    public void Without_leave_or_knowledge_of_the_path_nothing_is_tried()
    {
        var off = new PathMtuDiscovery(new SctpOptions(), BaseSize, new SeededRandomSource(1));
        off.SetPath(Overhead, 9000);
        var unknown = new PathMtuDiscovery(new SctpOptions { PathMtuDiscovery = true }, BaseSize, new SeededRandomSource(1));
        var stream = new PathMtuDiscovery(new SctpOptions { PathMtuDiscovery = true }, BaseSize, new SeededRandomSource(1));
        stream.SetPath(Overhead, 0);
        foreach (var core in new[] { off, unknown, stream })
        {
            core.OnDelivered(BaseSize, new Instant(1), new Instant(2));
            Assert.That(core.State, Is.EqualTo(PathMtuState.Disabled));
            Assert.That(core.IsProbeDue, Is.False);
        }
    }

    [TestCase(1500, 1500, 9000, 9000, 9000, 2304, 2304, 2304)]
    [TestCase(9000, 1500, 9000)]
    [TestCase(9216, 1500, 9000)]
    [TestCase(1492, 1500, 1500, 1500, 1280, 1360, 1400, 1420, 1430, 1440, 1450, 1460, 1472, 1480, 1492)]
    [TestCase(1280, 1500, 1500, 1500, 1280, 1360, 1360, 1360)]
    [TestCase(1239, 1500, 1500, 1500, 1280, 1280, 1280)]
    [TestCase(8900, 1500, 9000, 9000, 9000, 2304, 4352, 8896)]
    public void Ethernet_is_asked_for_first_then_the_most_then_upwards_with_three_tries_each(int mtu, params int[] probes)
    {
        var path = new Path(mtu);
        path.Deliver(BaseSize);
        path.RunUntilComplete();
        Assert.That(path.Probes.Select(size => size + Overhead), Is.EqualTo(probes.Select(size => ((size - Overhead) & ~3) + Overhead)));
        var found = probes.Where(size => size <= mtu).DefaultIfEmpty(0).Max();
        Assert.That(path.Core.PacketSize, Is.EqualTo(Math.Max(BaseSize, (found - Overhead) & ~3)));
        Assert.That(path.Elapsed, Is.LessThan(TimeSpan.FromSeconds(7)), "three tries of a second each for the two sizes that are too large");
        Assert.That(path.Core.Deadline, Is.Null, "an idle connection has no timer");
    }

    [Test]
    public void Largest_size_told_is_never_exceeded()
    {
        var path = new Path(9000, largest: 1500);
        path.Deliver(BaseSize);
        path.RunUntilComplete();
        Assert.That(path.Probes, Is.EqualTo(new[] { 1432 }));
        Assert.That(path.Core.PacketSize, Is.EqualTo(1432));
    }

    [Test]
    public void Probe_is_a_heartbeat_padded_to_the_size_in_question()
    {
        var path = new Path(1500);
        path.Deliver(BaseSize);
        var packet = path.WriteProbe();
        Assert.That(PacketView.TryParse(packet, out var view), Is.True);
        var chunks = view.Chunks;
        Assert.That(chunks.TryRead(out var heartbeat), Is.True);
        Assert.That(heartbeat.Type, Is.EqualTo(ChunkType.Heartbeat));
        Assert.That(chunks.TryRead(out var pad), Is.True);
        Assert.That((byte)pad.Type, Is.EqualTo(0x84), "RFC 4820: a type whose upper bits ask to be skipped in silence");
        Assert.That(pad.Value.IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        Assert.That(chunks.TryRead(out _), Is.False);
        Assert.That(packet, Has.Length.EqualTo((1500 - Overhead) & ~3));
    }

    [Test]
    public void Size_that_the_system_refuses_costs_no_time()
    {
        var path = new Path(1400) { LinkMtu = 1400 };
        path.Deliver(BaseSize);
        path.RunUntilComplete();
        Assert.That(path.Core.PacketSize, Is.EqualTo((1400 - Overhead) & ~3));
        Assert.That(path.Elapsed, Is.LessThan(RoundTrip * 5));
    }

    [Test]
    public void Probe_lost_by_chance_is_repeated()
    {
        var path = new Path(1500, largest: 1500) { LosesProbes = 2 };
        path.Deliver(BaseSize);
        path.RunUntilComplete();
        Assert.That(path.Probes, Is.EqualTo(new[] { 1432, 1432, 1432 }));
        Assert.That(path.Core.PacketSize, Is.EqualTo(1432));
        Assert.That(path.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(2) + RoundTrip));
    }

    [Test]
    public void Peer_that_does_not_answer_stays_at_the_base_and_is_left_in_peace_for_ten_minutes()
    {
        var path = new Path(0);
        path.Deliver(BaseSize);
        path.RunUntilComplete();
        Assert.That(path.Core.PacketSize, Is.EqualTo(BaseSize));
        Assert.That(path.Probes, Has.Count.EqualTo(2 * PathMtuDiscovery.MaxProbes));
        path.Advance(TimeSpan.FromSeconds(599));
        path.Deliver(BaseSize);
        Assert.That(path.Core.IsProbeDue, Is.False);
        path.Advance(TimeSpan.FromSeconds(1));
        path.Deliver(BaseSize);
        Assert.That(path.Core.IsProbeDue, Is.True, "PMTU_RAISE_TIMER");
    }

    [Test]
    public void Path_that_has_become_wider_is_found_out_after_ten_minutes()
    {
        var path = new Path(1400);
        path.Deliver(BaseSize);
        path.RunUntilComplete();
        path.Mtu = 1500;
        path.Advance(PathMtuDiscovery.RaiseInterval);
        path.Deliver(BaseSize);
        path.RunUntilComplete();
        Assert.That(path.Core.PacketSize, Is.EqualTo(1432));
    }

    [Test]
    public void Answer_to_a_size_given_up_or_to_something_else_changes_nothing()
    {
        var path = new Path(1400);
        path.Deliver(BaseSize);
        var late = path.WriteProbe();
        path.RunUntilComplete();
        var size = path.Core.PacketSize;
        Assert.That(path.Acknowledge(late), Is.False);
        Assert.That(path.Acknowledge(HeartbeatChunk.Encode(new byte[12])), Is.False);
        Assert.That(path.Acknowledge(HeartbeatChunk.Encode(new byte[16])), Is.False);
        Assert.That(path.Core.PacketSize, Is.EqualTo(size));
    }

    [Test]
    public void Three_full_packets_lost_in_a_row_are_a_black_hole_and_the_search_begins_anew()
    {
        var path = Found(1500);
        path.Mtu = 1280;
        path.Advance(RoundTrip);
        path.Lose(1432);
        path.Lose(1432);
        Assert.That(path.Core.PacketSize, Is.EqualTo(1432));
        path.Lose(1432);
        Assert.That(path.Core.PacketSize, Is.EqualTo(BaseSize));
        Assert.That(path.Core.State, Is.EqualTo(PathMtuState.Base));
        Assert.That(path.Core.BlackHoles, Is.EqualTo(1));
        for (var i = 0; i < 20; i++)
        {
            path.Lose(1432);
        }

        Assert.That(path.Core.State, Is.EqualTo(PathMtuState.Base), "what was sent before says nothing about the base");
        path.Deliver(BaseSize);
        path.RunUntilComplete();
        Assert.That(path.Core.PacketSize, Is.EqualTo((1280 - Overhead) & ~3));
    }

    [Test]
    public void Losses_among_full_packets_that_arrive_are_congestion()
    {
        var path = Found(1500);
        for (var i = 0; i < 50; i++)
        {
            path.Advance(RoundTrip);
            var sentAt = path.Now;
            path.Core.OnDelivered(1432, sentAt, path.Now);
            path.Core.OnLost(1432, sentAt);
            path.Core.OnLost(1432, sentAt - TimeSpan.FromMilliseconds(1));
            path.Core.OnLost(300, sentAt + TimeSpan.FromMilliseconds(1));
        }

        Assert.That(path.Core.PacketSize, Is.EqualTo(1432));
        Assert.That(path.Core.BlackHoles, Is.Zero);
    }

    [Test]
    public void Fragments_of_one_packet_are_one_loss()
    {
        var path = Found(1500);
        path.Advance(RoundTrip);
        for (var i = 0; i < 2; i++)
        {
            foreach (var reach in new ushort[] { 128, 1056, 1172, 1288, 1404 })
            {
                path.Lose(reach);
            }
        }

        Assert.That(path.Core.PacketSize, Is.EqualTo(1432));
        path.Lose(1056);
        Assert.That(path.Core.PacketSize, Is.EqualTo(BaseSize));
    }

    [Test]
    public void Router_that_says_so_saves_the_losses()
    {
        var path = Found(1500);
        path.Core.OnTooLarge(isProbe: false, path.Now);
        Assert.That(path.Core.PacketSize, Is.EqualTo(BaseSize));
        Assert.That(path.Core.BlackHoles, Is.EqualTo(1));
        path.Core.OnTooLarge(isProbe: false, path.Now);
        Assert.That(path.Core.BlackHoles, Is.EqualTo(1), "less than the base is not to be had");
    }

    [Test]
    public void Another_path_begins_at_the_base()
    {
        var path = Found(1500);
        path.Core.OnPathChanged();
        Assert.That(path.Core.PacketSize, Is.EqualTo(BaseSize));
        Assert.That(path.Core.State, Is.EqualTo(PathMtuState.Base));
        Assert.That(path.Core.BlackHoles, Is.Zero);
    }

    [Test]
    public void What_the_path_adds_may_change_and_the_size_follows()
    {
        var path = Found(1500);
        path.Core.SetPath(Overhead + 36, 9000);
        Assert.That(path.Core.PacketSize, Is.EqualTo((1500 - Overhead - 36) & ~3));
        path.Core.SetPath(Overhead + 4, 9000);
        Assert.That(path.Core.PacketSize, Is.EqualTo((1500 - Overhead - 4) & ~3));
        path.Core.SetPath(Overhead, 0);
        Assert.That((path.Core.State, path.Core.PacketSize), Is.EqualTo((PathMtuState.Disabled, BaseSize)));
    }

    [Test]
    public void Path_below_the_base_lets_packets_be_cut_and_asks_again_more_and_more_rarely()
    {
        var path = new Path(1100);
        LoseThree(path, BaseSize);
        Assert.That(path.Core.State, Is.EqualTo(PathMtuState.Error));
        Assert.That(path.Core.MayBeCut, Is.True);
        path.DriveFor(TimeSpan.FromMinutes(10));
        Assert.That(path.Probes, Is.All.EqualTo(BaseSize));
        Assert.That(path.Probes, Has.Count.InRange(8, 20));
        path.Mtu = 1500;
        path.DriveFor(TimeSpan.FromMinutes(2));
        Assert.That(path.Core.PacketSize, Is.EqualTo(1432));
        Assert.That(path.Core.MayBeCut, Is.False);
    }

    [Test]
    public void After_a_black_out_the_first_packet_that_gets_through_ends_the_error()
    {
        var path = new Path(0);
        LoseThree(path, BaseSize);
        path.DriveFor(TimeSpan.FromSeconds(40));
        Assert.That(path.Core.MayBeCut, Is.True);
        path.Mtu = 1500;
        path.Deliver(PathMtuDiscovery.MayBeCutLength);
        path.DriveFor(RoundTrip * 3);
        Assert.That(path.Core.MayBeCut, Is.False);
        Assert.That(path.Core.PacketSize, Is.EqualTo(1432));
    }

    private static Path Found(int mtu)
    {
        var path = new Path(mtu);
        path.Deliver(BaseSize);
        path.RunUntilComplete();
        Assert.That(path.Core.PacketSize, Is.EqualTo((mtu - Overhead) & ~3));
        return path;
    }

    private static void LoseThree(Path path, ushort size)
    {
        path.Advance(RoundTrip);
        for (var i = 0; i < 3; i++)
        {
            path.Lose(size);
        }
    }

    /// <summary>A discovery and the path that it discovers, 50 ms there and back.</summary>
    private sealed class Path
    {
        private readonly VirtualClock _clock = new();
        private readonly Queue<(Instant At, byte[] Probe)> _answers = new();

        public Path(int mtu, int largest = 9000)
        {
            Mtu = mtu;
            Core = new PathMtuDiscovery(new SctpOptions { PathMtuDiscovery = true }, BaseSize, new SeededRandomSource(1));
            Core.SetPath(Overhead, largest);
            Advance(TimeSpan.FromSeconds(1));
        }

        public PathMtuDiscovery Core { get; }

        public int Mtu { get; set; }

        /// <summary>What the first link takes: the system refuses more.</summary>
        public int LinkMtu { get; init; } = int.MaxValue;

        public int LosesProbes { get; set; }

        public List<int> Probes { get; } = [];

        public Instant Now => _clock.Now;

        public TimeSpan Elapsed => _clock.Elapsed - TimeSpan.FromSeconds(1);

        public void Advance(TimeSpan time) => _clock.AdvanceTo(Now + time);

        public void Deliver(ushort length) => Core.OnDelivered(length, Now, Now);

        public void Lose(ushort length) => Core.OnLost(length, Now);

        public byte[] WriteProbe()
        {
            var bytes = new byte[Core.ProbeSize];
            var packet = new PacketWriter(bytes, new CommonHeader(5000, 5000, 1));
            Core.WriteProbe(ref packet, TimeSpan.FromMilliseconds(220), Now);
            packet.Complete();
            return bytes;
        }

        /// <summary>Answers a packet, or a HEARTBEAT chunk.</summary>
        public bool Acknowledge(byte[] probe)
        {
            var bytes = probe.Length < 100 ? ScriptedPacket(probe) : probe;
            Assert.That(PacketView.TryParse(bytes, out var view), Is.True);
            return Core.OnAck(view.FirstChunk, Now);
        }

        public void RunUntilComplete() => Run(() => Core.State == PathMtuState.SearchComplete, TimeSpan.FromMinutes(1));

        public void DriveFor(TimeSpan time) => Run(() => false, time);

        private static byte[] ScriptedPacket(byte[] chunk) => Support.ScriptedPeer.Build(1, (ref PacketWriter packet) => packet.AddEncoded(chunk));

        private void Run(Func<bool> until, TimeSpan limit)
        {
            var end = Now + limit;
            while (!until())
            {
                while (Core.IsProbeDue)
                {
                    Send();
                }

                var next = Instant.Earliest(Core.Deadline, _answers.TryPeek(out var first) ? first.At : null) ?? end;
                if (next >= end || until())
                {
                    break;
                }

                _clock.AdvanceTo(next);
                if (_answers.TryPeek(out first) && first.At <= Now)
                {
                    Acknowledge(_answers.Dequeue().Probe);
                }

                Core.OnTimeout(Now);
            }

            if (!until())
            {
                _clock.AdvanceTo(end);
            }
        }

        private void Send()
        {
            var probe = WriteProbe();
            if (probe.Length + Overhead > LinkMtu)
            {
                Core.OnTooLarge(isProbe: true, Now);
                return;
            }

            Probes.Add(probe.Length);
            if (probe.Length + Overhead <= Mtu && LosesProbes-- <= 0)
            {
                _answers.Enqueue((Now + RoundTrip, probe));
            }
        }
    }
}
