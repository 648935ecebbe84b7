using WebRtcCore.Testing;
using WebRtcCore.Testing.Connectivity;

namespace WebRtcCore.Ice.Tests;

/// <summary>Every kind of network against every other: the best kind of path that exists, or a failure with a reason.</summary>
[TestFixture]
public class NatMatrixTests
{
    private static readonly TimeSpan LongestFailure = TimeSpan.FromSeconds(60);

    public static IEnumerable<TestCaseData> Cells =>
        from a in NetworkKind.All
        from b in NetworkKind.All
        from hasTurn in new[] { false, true }
        select new TestCaseData(a, b, hasTurn);

    [TestCaseSource(nameof(Cells))]
    public void Connects_by_the_best_path_or_says_why_not(NetworkKind a, NetworkKind b, bool hasTurn)
    {
        var best = PathOracle.Best(a, b, hasTurn);
        for (var seed = 1; seed <= 3; seed++)
        {
            var run = ConnectivityRun.Run(a, b, new ConnectivityOptions { HasTurn = hasTurn, Seed = seed });
            Assert.That(run.Kind, Is.EqualTo(best), $"seed {seed}");
            if (best == PathKind.None)
            {
                Assert.That(run.HasFailed, Is.True, $"seed {seed}: {run.A.Agent.State} and {run.B.Agent.State}");
                Assert.That(run.Elapsed, Is.LessThan(LongestFailure), $"seed {seed}");
                Assert.That(run.A.Agent.FailureReason, Is.AnyOf(IceFailureReason.NoAnswer, IceFailureReason.OneWay), $"seed {seed}");
                Assert.That(run.B.Agent.FailureReason, Is.AnyOf(IceFailureReason.NoAnswer, IceFailureReason.OneWay), $"seed {seed}");
            }
        }
    }

    [TestCase(false, false, PathKind.Host)]
    [TestCase(true, false, PathKind.Host)]
    public void Peers_behind_one_nat_find_one_another(bool hairpins, bool hasTurn, PathKind expected)
    {
        var kind = NetworkKind.Nats[0];
        kind = kind with { MakeNat = (outside, seed) => new VirtualNat(outside, NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent, seed) { Hairpins = hairpins } };
        var run = ConnectivityRun.Run(kind, kind, new ConnectivityOptions { HasTurn = hasTurn, IsOneNat = true });
        Assert.That(run.Kind, Is.EqualTo(expected));
    }

    [TestCase(NatPorts.Sequential)]
    [TestCase(NatPorts.Preserving)]
    [TestCase(NatPorts.Random)]
    public void The_choice_of_ports_makes_no_difference(NatPorts ports)
    {
        foreach (var mapping in Enum.GetValues<NatBehavior>())
        {
            var kind = NetworkKind.Nat(mapping, NatBehavior.AddressAndPortDependent, ports);
            var run = ConnectivityRun.Run(kind, kind, new ConnectivityOptions());
            Assert.That(run.Kind, Is.EqualTo(PathOracle.Best(kind, kind, hasTurn: true)), $"{mapping}");
        }
    }

    [Test]
    public void Behind_one_carrier_customers_are_connected_by_hairpin_only()
    {
        Assert.That(RunBehindOneCarrier(hairpins: true).Kind, Is.EqualTo(PathKind.Reflexive));
        var run = RunBehindOneCarrier(hairpins: false);
        Assert.That(run.Kind, Is.EqualTo(PathKind.None));
        Assert.That(run.HasFailed, Is.True);
    }

    // Two homes behind one carrier: their outside address is the same, and packets to it turn round in the carrier's NAT.
    private static ConnectivityRun RunBehindOneCarrier(bool hairpins)
    {
        VirtualNat? carrier = null;
        var kind = new NetworkKind(
            "customer",
            (outside, seed) =>
            {
                carrier ??= new VirtualNat(outside, NatBehavior.EndpointIndependent, NatBehavior.AddressAndPortDependent, seed) { Hairpins = hairpins };
                return new VirtualNat(Primitives.TransportAddress.Parse(seed > 100 ? "100.64.0.2" : "100.64.0.1", 0), NatBehavior.EndpointIndependent, NatBehavior.AddressAndPortDependent, seed) { Outer = carrier };
            },
            VirtualFirewall.Open);
        return ConnectivityRun.Run(kind, kind, new ConnectivityOptions { HasTurn = false });
    }
}
