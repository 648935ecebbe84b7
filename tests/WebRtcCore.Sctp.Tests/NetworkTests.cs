using WebRtcCore.Sctp.Send;
using WebRtcCore.Sctp.Tests.Support;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests;

/// <summary>Throughput on the virtual network. The same figures for more cells: LoadTest, verb network.</summary>
public class NetworkTests
{
    /// <summary>RFC 9260 with nothing else: its loss detection, timers, windows and bursts.</summary>
    private static readonly SctpOptions Plain = new()
    {
        CongestionControl = SctpCongestionControl.NewReno,
        LossDetection = LossDetection.ThreeReports,
        InitialCongestionWindowPackets = 4,
        InitialRetransmissionTimeout = TimeSpan.FromSeconds(1),
        MinRetransmissionTimeout = TimeSpan.FromSeconds(1),
        MaxRetransmissionTimeout = TimeSpan.FromSeconds(60),
        SackDelay = TimeSpan.FromMilliseconds(200),
    };

    [Test]
    public void Fills_18_megabits_at_50_ms([Values] SctpCongestionControl control)
    {
        var megabits = Measure(Path(50, 18), new SctpOptions { CongestionControl = control }, seconds: 10);
        TestContext.Out.WriteLine($"{megabits:0.00} Mbit/s");
        Assert.That(megabits, Is.GreaterThan(16));
    }

    [Test]
    public void Is_twice_as_fast_as_rfc_9260_alone_at_100_ms_and_one_percent_of_loss()
    {
        var path = Path(100, 10) with { LossRate = 0.01 };
        int[] seeds = [1, 2, 3];
        var plain = seeds.Average(seed => Measure(path, Plain, seconds: 60, seed));
        var ours = seeds.Average(seed => Measure(path, new SctpOptions(), seconds: 60, seed));
        TestContext.Out.WriteLine($"{ours:0.00} Mbit/s, plain {plain:0.00} Mbit/s");
        Assert.That(ours, Is.GreaterThan(2 * plain));
    }

    [Test]
    public void Reordering_costs_little()
    {
        var path = Path(50, 10);
        var calm = Measure(path, new SctpOptions(), seconds: 10);
        var reordered = Measure(path with { ReorderRate = 0.02, ReorderDelay = TimeSpan.FromMilliseconds(8) }, new SctpOptions(), seconds: 10);
        TestContext.Out.WriteLine($"{calm:0.00} Mbit/s, reordered {reordered:0.00} Mbit/s");
        Assert.That(reordered, Is.GreaterThan(0.8 * calm));
    }

    [Test]
    public void Two_associations_share_a_bottleneck([Values] SctpCongestionControl first, [Values] SctpCongestionControl second, [Values(0, 5)] int headStart)
    {
        var path = Path(50, 10);
        var network = new VirtualNetwork(seed: 1) { Conditions = path };
        var forth = new VirtualLink(path, 7);
        var back = new VirtualLink(path, 8);
        var flows = new[] { first, second }.Select((control, i) => new Flow(network, i, new SctpOptions { CongestionControl = control }, forth, back)).ToArray();
        network.RunUntil(() => flows.All(flow => flow.IsEstablished), TimeSpan.FromSeconds(10));
        flows[0].Begin();
        network.RunFor(TimeSpan.FromSeconds(headStart));
        flows[1].Begin();
        network.RunFor(TimeSpan.FromSeconds(15));
        var before = flows.Select(flow => flow.Received).ToArray();
        network.RunFor(TimeSpan.FromSeconds(60));
        var shares = flows.Select((flow, i) => (double)(flow.Received - before[i])).ToArray();
        var share = shares.Max() / shares.Sum();
        TestContext.Out.WriteLine($"{100 * share:0} %, {shares.Sum() * 8 / 60e6:0.00} Mbit/s together");
        Assert.That(share, Is.LessThan(first == second ? 0.6 : 0.75));
        Assert.That(shares.Sum() * 8 / 60e6, Is.GreaterThan(8.5));
    }

    [Test]
    public void Goes_on_soon_after_ten_seconds_of_black_out()
    {
        var pair = AssociationPair.Connected(Path(50, 10));
        for (var i = 0; i < 100; i++)
        {
            pair.SendA(Bytes.Random(40_000, i));
        }

        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count >= 20), Is.True);
        pair.Pair.Network.Conditions = Path(50, 10) with { IsDown = true };
        pair.Pair.Drive(TimeSpan.FromSeconds(10));
        var during = pair.B.Messages.Count;
        pair.Pair.Network.Conditions = Path(50, 10);
        var start = pair.Pair.Now;
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 100), Is.True);

        // The timer waits for at most three seconds, and the 2.5 to 4 MB left take two to three.
        Assert.That(pair.Pair.Now - start, Is.LessThan(TimeSpan.FromSeconds(8)), $"{during} before");
        Assert.That(pair.B.Messages.Select(message => message.Bytes), Is.EqualTo(Enumerable.Range(0, 100).Select(i => Bytes.Random(40_000, i))));
    }

    [Test]
    public void Another_path_is_found_out_anew_and_loses_nothing()
    {
        var pair = AssociationPair.Connected(Path(50, 50));
        for (var i = 0; i < 200; i++)
        {
            pair.SendA(Bytes.Random(40_000, i));
        }

        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count >= 50), Is.True);
        var window = pair.A.Association.GetStatistics().CongestionWindow;

        // What is under way is lost; the new path is thinner and longer.
        pair.Pair.Network.Conditions = Path(50, 50) with { IsDown = true };
        pair.Pair.Drive(TimeSpan.FromMilliseconds(400));
        pair.Pair.Network.Conditions = Path(120, 10);
        pair.A.Association.OnPathChanged();
        Assert.That(pair.A.Association.GetStatistics().CongestionWindow, Is.LessThan(window / 2));
        Assert.That(pair.A.Association.GetStatistics().RoundTripTime, Is.Null);
        Assert.That(pair.Pair.Drive(() => pair.B.Messages.Count == 200), Is.True);
        Assert.That(pair.B.Messages.Select(message => message.Bytes), Is.EqualTo(Enumerable.Range(0, 200).Select(i => Bytes.Random(40_000, i))));
        Assert.That(pair.A.Association.GetStatistics().RoundTripTime, Is.GreaterThan(TimeSpan.FromMilliseconds(110)));
    }

    private static LinkConditions Path(int rttMilliseconds, int megabits) => new()
    {
        Delay = TimeSpan.FromMilliseconds(rttMilliseconds / 2.0),
        BandwidthBps = megabits * 1_000_000L,
        QueueBytes = megabits * 125 * Math.Max(100, rttMilliseconds),
    };

    private static double Measure(LinkConditions path, SctpOptions options, int seconds, int seed = 1)
    {
        var network = new VirtualNetwork(seed) { Conditions = path };
        var flow = new Flow(network, 0, options, null, null);
        Assert.That(network.RunUntil(() => flow.IsEstablished, TimeSpan.FromSeconds(30)), Is.True);
        flow.Begin();
        network.RunFor(TimeSpan.FromSeconds(seconds));
        return flow.Received * 8.0 / seconds / 1e6;
    }

    /// <summary>An association with as much to send as the path takes.</summary>
    private sealed class Flow
    {
        private readonly AssociationNode _a;
        private readonly AssociationNode _b;
        private readonly byte[] _message = new byte[16_384];
        private bool _hasBegun;

        public Flow(VirtualNetwork network, int number, SctpOptions options, VirtualLink? forth, VirtualLink? back)
        {
            _a = new AssociationNode((2 * number) + 11, options);
            _b = new AssociationNode((2 * number) + 12, options);
            var addressA = Primitives.TransportAddress.Parse($"10.0.{number}.1", 5000);
            var addressB = Primitives.TransportAddress.Parse($"10.0.{number}.2", 5000);
            var hostA = network.AddHost($"A{number}", _a, addressA);
            var hostB = network.AddHost($"B{number}", _b, addressB);
            hostA.DefaultRemote = addressB;
            hostB.DefaultRemote = addressA;
            if (forth is not null)
            {
                network.SetLink(hostA, hostB, forth);
                network.SetLink(hostB, hostA, back!);
            }

            _b.AfterEvents = _ =>
            {
                Received += _b.Messages.Sum(message => message.Bytes.Length);
                _b.Messages.Clear();
            };
            _a.AfterEvents = now =>
            {
                while (_hasBegun && _a.Association.GetBufferedAmount(1) < 500_000 && _a.Association.Send(1, new SctpSendParameters(53), _message, now))
                {
                }
            };
            _a.Association.Associate(network.Now);
            _b.Association.Associate(network.Now);
        }

        public long Received { get; private set; }

        public bool IsEstablished => _a.Association.State == SctpAssociationState.Established && _b.Association.State == SctpAssociationState.Established;

        public void Begin() => _hasBegun = true;
    }
}
