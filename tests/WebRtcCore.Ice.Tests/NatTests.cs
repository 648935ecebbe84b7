using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class NatTests
{
    private static readonly TransportAddress Server = TransportAddress.Parse("198.51.100.1", 3478);

    [TestCase(NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent)]
    [TestCase(NatBehavior.EndpointIndependent, NatBehavior.AddressDependent, NatBehavior.EndpointIndependent, NatBehavior.AddressAndPortDependent)]
    [TestCase(NatBehavior.EndpointIndependent, NatBehavior.AddressAndPortDependent, NatBehavior.EndpointIndependent, NatBehavior.AddressAndPortDependent)]
    [TestCase(NatBehavior.AddressAndPortDependent, NatBehavior.AddressAndPortDependent, NatBehavior.EndpointIndependent, NatBehavior.AddressDependent)]
    [TestCase(NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent, NatBehavior.AddressAndPortDependent, NatBehavior.AddressAndPortDependent)]
    public void Two_agents_behind_nats_connect(NatBehavior mappingA, NatBehavior filteringA, NatBehavior mappingB, NatBehavior filteringB)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var pair = new IcePair(seed, new LinkConditions { LossRate = seed % 2 * 0.1, Delay = TimeSpan.FromMilliseconds(15) }) { Servers = [Server] };
            pair.Network.AddHost("S", new StunServerNode(), Server);
            var natA = new VirtualNat(TransportAddress.Parse("203.0.113.1", 0), mappingA, filteringA);
            var natB = new VirtualNat(TransportAddress.Parse("203.0.113.2", 0), mappingB, filteringB);
            pair.Place([TransportAddress.Parse("192.168.1.2", 5000)], [TransportAddress.Parse("192.168.7.2", 5000)], natA, natB).Signal();
            Assert.That(pair.Drive(() => pair.BothNominated, 30), Is.True, $"seed {seed}");
            Assert.That(pair.A.Agent.GetSelectedPair()!.Local.Type, Is.AnyOf(IceCandidateType.ServerReflexive, IceCandidateType.PeerReflexive));
            pair.Drive(TimeSpan.FromMinutes(3));
            Assert.That(pair.BothConnected, Is.True, "consent keeps the bindings open");
        }
    }

    [Test]
    public void A_symmetric_nat_shows_as_a_peer_reflexive_candidate()
    {
        var pair = new IcePair { Servers = [Server] };
        pair.Network.AddHost("S", new StunServerNode(), Server);
        var nat = new VirtualNat(TransportAddress.Parse("203.0.113.1", 0), NatBehavior.AddressAndPortDependent, NatBehavior.AddressAndPortDependent);
        pair.Place([TransportAddress.Parse("192.168.1.2", 5000)], null, nat).Signal();
        Assert.That(pair.Drive(() => pair.BothNominated), Is.True);
        Assert.That(pair.A.Agent.GetSelectedPair()!.Local.Type, Is.EqualTo(IceCandidateType.PeerReflexive));
        Assert.That(pair.B.Agent.GetSelectedPair()!.Remote.Type, Is.EqualTo(IceCandidateType.PeerReflexive));
        Assert.That(pair.A.Agent.GetLocalCandidates().Single(c => c.Type == IceCandidateType.PeerReflexive).RelatedAddress, Is.EqualTo(TransportAddress.Parse("192.168.1.2", 5000)));
    }

    [Test]
    public void A_nat_that_reboots_is_survived_without_signalling()
    {
        var pair = new IcePair { Servers = [Server] };
        pair.Network.AddHost("S", new StunServerNode(), Server);
        var nat = new VirtualNat(TransportAddress.Parse("203.0.113.1", 0), NatBehavior.EndpointIndependent, NatBehavior.AddressAndPortDependent);
        pair.Place([TransportAddress.Parse("192.168.1.2", 5000)], null, nat).Signal();
        Assert.That(pair.Drive(() => pair.BothNominated), Is.True);
        pair.Drive(TimeSpan.FromSeconds(10));
        nat.Reboot(TransportAddress.Parse("203.0.113.9", 0));

        // A's next consent check goes out by a new binding; B sees it come from elsewhere and checks back.
        pair.Drive(TimeSpan.FromSeconds(40));
        Assert.That(pair.BothConnected, Is.True);
        Assert.That(pair.B.SelectedPath!.Value.Remote.HasSameAddress(TransportAddress.Parse("203.0.113.9", 0)), Is.True);
    }
}
