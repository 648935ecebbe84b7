using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class HiddenHostTests
{
    private const string Name = "1f4712db-ea17-4bcf-a596-105139dfd8bf.local";
    private static readonly TransportAddress Server = TransportAddress.Parse("198.51.100.1", 3478);
    private static readonly TransportAddress Outside = TransportAddress.Parse("203.0.113.1", 0);

    [Test]
    public void A_hidden_host_candidate_is_told_by_its_name()
    {
        var peer = Gather(Name, nat: null, servers: []);
        var candidate = peer.Gathered.Single();
        Assert.That(candidate.ToString(), Does.Contain($" {Name} {IcePair.AddressA.Port} typ host"));
        Assert.That(candidate.ToString(), Does.Not.Contain(IcePair.AddressA.ToIPAddress().ToString()));
        Assert.That(IceCandidate.TryParse(candidate.ToString(), out var read));
        Assert.That((read!.HostName, read.Port), Is.EqualTo((Name, IcePair.AddressA.Port)));
    }

    [Test]
    public void A_hidden_address_without_a_name_is_told_nowhere_and_still_serves()
    {
        var peer = Gather(null, nat: null, servers: []);
        Assert.That(peer.Gathered, Is.Empty);
        Assert.That(peer.Agent.GetLocalCandidates(), Has.Count.EqualTo(1));
    }

    [Test]
    public void The_related_address_of_a_reflexive_candidate_says_nothing()
    {
        var peer = Gather(Name, new VirtualNat(Outside, NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent), [Server]);
        var reflexive = peer.Gathered.Single(c => c.Type == IceCandidateType.ServerReflexive);
        Assert.That(reflexive.Address.HasSameAddress(Outside));
        Assert.That(reflexive.ToString(), Does.Contain(" raddr 0.0.0.0 rport 9"));
        Assert.That(peer.Gathered.Select(c => c.ToString()), Has.None.Contains(IcePair.AddressA.ToIPAddress().ToString()));
    }

    [Test]
    public void A_private_address_that_a_server_sees_stays_hidden()
    {
        Assert.That(new HiddenHosts(new Dictionary<TransportAddress, string?>()).IsToldAsReflexive(TransportAddress.Parse("192.168.1.2", 1)), Is.False);
        Assert.That(new HiddenHosts(new Dictionary<TransportAddress, string?>()).IsToldAsReflexive(TransportAddress.Parse("fd00::2", 1)), Is.False);
        Assert.That(new HiddenHosts(new Dictionary<TransportAddress, string?>()).IsToldAsReflexive(TransportAddress.Parse("172.32.0.1", 1)), Is.True);
        Assert.That(new HiddenHosts(null).IsToldAsReflexive(TransportAddress.Parse("203.0.113.7", 1)), Is.False);
    }

    [Test]
    public void A_public_address_that_a_server_sees_is_told_as_reflexive_once()
    {
        var local = TransportAddress.Parse("203.0.113.7", 5000);
        var network = new VirtualNetwork();
        var peer = new IcePeer(IceRole.Controlling);
        var other = TransportAddress.Parse("198.51.100.2", 3478);
        network.AddHost("S", new StunServerNode(), Server);
        network.AddHost("T", new StunServerNode(), other);
        network.AddHost("A", peer, null, local);
        peer.Agent.StartGathering(Options(local, Name, [Server, other]), network.Now);
        Assert.That(network.RunUntil(() => peer.Agent.GatheringState == IceGatheringState.Complete, TimeSpan.FromSeconds(5)));
        var reflexive = peer.Gathered.Single(c => c.Type == IceCandidateType.ServerReflexive);
        Assert.That(reflexive.Address, Is.EqualTo(local));
        Assert.That(reflexive.ToString(), Does.Contain(" raddr 0.0.0.0 rport 9"));
        Assert.That(peer.Agent.GetLocalCandidates(), Has.Count.EqualTo(1), "it is the host candidate as far as checks go");
    }

    [Test]
    public void An_address_that_comes_later_is_told_by_the_name_that_it_comes_with_or_not_at_all([Values] bool hasName, [Values] bool isTcp)
    {
        var peer = Gather(Name, nat: null, servers: []);
        var late = TransportAddress.Parse("10.0.0.9", 5009);
        var lateName = hasName ? "2f4712db-ea17-4bcf-a596-105139dfd8bf.local" : null;
        if (isTcp)
        {
            peer.Agent.Tcp.AddHost(new IceTcpHost(late, IceTcpType.Passive), lateName, VirtualClock.Start);
        }
        else
        {
            peer.Agent.AddHostAddress(late, 0, lateName, VirtualClock.Start);
        }

        peer.DrainEvents(VirtualClock.Start);
        Assert.That(peer.Gathered.Skip(1).Select(c => c.HostName), Is.EqualTo(hasName ? new[] { lateName } : []));
        Assert.That(peer.Gathered.Select(c => c.ToString()), Has.None.Contains("10.0.0."));
        Assert.That(peer.Agent.GetLocalCandidates(), Has.Count.EqualTo(2), "it serves as a base");
    }

    [Test]
    public void Where_nothing_is_hidden_an_address_that_comes_later_is_told_as_it_is()
    {
        var bench = new Bench();
        bench.Poll();
        bench.Agent.AddHostAddress(Bench.Local.WithPort(7), 0, Name, bench.Now);
        bench.Poll();
        Assert.That(bench.Events.Last(e => e.Kind == IceEventKind.CandidateGathered).Candidate!.ToString(), Does.Contain($" {Bench.Local.ToIPAddress()} 7 typ host"));
    }

    private static IceGatheringOptions Options(TransportAddress local, string? name, TransportAddress[] servers) => new()
    {
        HostAddresses = [local],
        StunServers = [.. servers.Select(s => new StunServer(s, $"stun:{s}"))],
        HostNames = new Dictionary<TransportAddress, string?> { [local.WithPort(0)] = name },
    };

    private static IcePeer Gather(string? name, VirtualNat? nat, TransportAddress[] servers)
    {
        var network = new VirtualNetwork();
        var peer = new IcePeer(IceRole.Controlling);
        network.AddHost("S", new StunServerNode(), Server);
        network.AddHost("A", peer, nat, IcePair.AddressA);
        peer.Agent.StartGathering(Options(IcePair.AddressA, name, servers), network.Now);
        Assert.That(network.RunUntil(() => peer.Agent.GatheringState == IceGatheringState.Complete, TimeSpan.FromSeconds(5)));
        return peer;
    }
}
