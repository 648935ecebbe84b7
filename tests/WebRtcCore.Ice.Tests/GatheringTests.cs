using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class GatheringTests
{
    private static readonly TransportAddress Server = TransportAddress.Parse("198.51.100.1", 3478);
    private static readonly TransportAddress Outside = TransportAddress.Parse("203.0.113.1", 0);

    [Test]
    public void Host_candidates_come_at_once_and_gathering_is_complete_without_servers()
    {
        var bench = new Bench(hasCredentials: false, hosts: [Bench.Local, TransportAddress.Parse("2001:db8::1", 5001), TransportAddress.Parse("127.0.0.1", 5002)]);
        bench.Poll();
        var kinds = bench.Events.Select(e => e.Kind).ToArray();
        Assert.That(kinds, Is.EqualTo(new[] { IceEventKind.GatheringStateChanged, IceEventKind.CandidateGathered, IceEventKind.CandidateGathered, IceEventKind.CandidateGathered, IceEventKind.GatheringStateChanged }));
        var candidates = bench.Agent.GetLocalCandidates();
        Assert.That(candidates.Select(c => c.Address.Port), Is.EqualTo(new[] { 5001, 5000, 5002 }));
        Assert.That(candidates.Select(c => c.Priority), Is.Ordered.Descending.And.Unique);
        Assert.That(candidates.Select(c => c.Foundation), Is.Unique);
        Assert.That(candidates.Select(c => c.UsernameFragment), Is.All.EqualTo(bench.Agent.LocalCredentials.UsernameFragment));
        Assert.That(candidates[0].Priority, Is.EqualTo(2130706431));
        Assert.That(() => bench.Agent.StartGathering([Bench.Local], [], bench.Now), Throws.InvalidOperationException);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_server_behind_a_nat_yields_a_reflexive_candidate(bool isOldServer)
    {
        var (network, peer, server) = Place(new VirtualNat(Outside, NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent));
        server.IsOld = isOldServer;
        Assert.That(network.RunUntil(() => peer.Agent.GatheringState == IceGatheringState.Complete, TimeSpan.FromSeconds(5)), Is.True);
        var candidate = peer.Gathered.Single(c => c.Type == IceCandidateType.ServerReflexive);
        Assert.That(candidate.Address.HasSameAddress(Outside), Is.True);
        Assert.That(candidate.RelatedAddress, Is.EqualTo(IcePair.AddressA));
        Assert.That(candidate.Priority, Is.EqualTo(CandidatePriority.ForCandidate(IceCandidateType.ServerReflexive, CandidatePriority.MaxLocalPreference)));
        Assert.That(candidate.Foundation, Is.Not.EqualTo(peer.Gathered[0].Foundation));
    }

    [Test]
    public void Without_a_nat_the_reflexive_candidate_is_redundant()
    {
        var (network, peer, _) = Place(nat: null);
        Assert.That(network.RunUntil(() => peer.Agent.GatheringState == IceGatheringState.Complete, TimeSpan.FromSeconds(5)), Is.True);
        Assert.That(peer.Gathered.Single().Type, Is.EqualTo(IceCandidateType.Host));
    }

    [Test]
    public void Two_servers_that_see_the_same_address_yield_one_candidate()
    {
        var network = new VirtualNetwork();
        var peer = new IcePeer(IceRole.Controlling);
        var other = TransportAddress.Parse("198.51.100.2", 3478);
        network.AddHost("S1", new StunServerNode(), Server);
        network.AddHost("S2", new StunServerNode(), other);
        network.AddHost("A", peer, new VirtualNat(Outside, NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent), IcePair.AddressA);
        peer.Agent.StartGathering([IcePair.AddressA], [Server, other], network.Now);
        network.RunUntil(() => peer.Agent.GatheringState == IceGatheringState.Complete, TimeSpan.FromSeconds(5));
        Assert.That(peer.Gathered, Has.Count.EqualTo(2));
    }

    [Test]
    public void Requests_are_repeated_when_they_get_lost()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (network, peer, _) = Place(new VirtualNat(Outside, NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent), seed, 0.2);
            network.RunUntil(() => peer.Agent.GatheringState == IceGatheringState.Complete, TimeSpan.FromSeconds(30));
            Assert.That(peer.Gathered, Has.Count.EqualTo(2), $"seed {seed}");
        }
    }

    [Test]
    public void A_server_that_does_not_answer_is_given_up_with_701()
    {
        var network = new VirtualNetwork();
        var peer = new IcePeer(IceRole.Controlling);
        network.AddHost("A", peer, IcePair.AddressA);
        peer.Agent.StartGathering([IcePair.AddressA], [Server], network.Now);
        Assert.That(network.RunUntil(() => peer.Agent.GatheringState == IceGatheringState.Complete, TimeSpan.FromSeconds(20)), Is.True);
        var failure = peer.Events.Single(e => e.Kind == IceEventKind.GatheringFailed);
        Assert.That(failure.ErrorCode, Is.EqualTo(701));
        Assert.That(failure.ServerPath, Is.EqualTo(new NetworkPath(IcePair.AddressA, Server)));
        Assert.That(peer.Host is null && peer.Agent.NextTimeout is null, Is.True, "nothing is left to do");
    }

    [Test]
    public void An_error_of_the_server_is_told()
    {
        var (network, peer, server) = Place(nat: null);
        server.Error = StunErrorCode.TryAlternate;
        network.RunUntil(() => peer.Agent.GatheringState == IceGatheringState.Complete, TimeSpan.FromSeconds(20));
        Assert.That(peer.Events.Single(e => e.Kind == IceEventKind.GatheringFailed).ErrorCode, Is.EqualTo(300));
    }

    [Test]
    public void An_answer_that_is_not_from_the_server_is_dropped()
    {
        var agent = new IceAgent(new IceAgentOptions(), new SeededRandomSource(1));
        agent.StartGathering([Bench.Local], [Server], VirtualClock.Start);
        var buffer = new byte[1200];
        Assert.That(agent.TryPollTransmit(buffer, out var transmit), Is.True);
        Assert.That(StunMessageView.TryParse(buffer.AsSpan(0, transmit.Length), out var request), Is.True);
        var writer = new StunMessageWriter(new byte[100], StunClass.SuccessResponse, StunMethod.Binding, request.TransactionId);
        writer.AddXorAddress(StunAttributeType.XorMappedAddress, Outside.WithPort(1));
        agent.HandleDatagram(writer.Written, new NetworkPath(Bench.Local, Server.WithPort(1)), VirtualClock.Start);
        Assert.That(agent.GetDroppedCount(IceDropReason.WrongSource), Is.EqualTo(1));
        Assert.That(agent.GetLocalCandidates(), Has.Count.EqualTo(1));
        agent.HandleDatagram(writer.Written, new NetworkPath(Bench.Local, Server), VirtualClock.Start);
        Assert.That(agent.GetLocalCandidates(), Has.Count.EqualTo(2));
    }

    [Test]
    public void The_binding_is_kept_open_until_a_pair_is_nominated([Values] bool isNominated)
    {
        var pair = new IcePair(options: isNominated ? new IceAgentOptions() : new IceAgentOptions { NominationPatience = TimeSpan.FromHours(1), MaxCheckTransmissions = 1000 }) { Servers = [Server] };
        var server = new StunServerNode();
        pair.Network.AddHost("S", server, Server);
        pair.Place(natB: new VirtualNat(Outside, NatBehavior.EndpointIndependent, NatBehavior.AddressAndPortDependent)).Signal();
        Assert.That(pair.Drive(() => pair.BothConnected && pair.BothNominated == isNominated), Is.True);
        pair.Drive(TimeSpan.FromSeconds(1));
        var before = server.Requests;
        pair.Drive(TimeSpan.FromMinutes(2));
        Assert.That(pair.BothNominated, Is.EqualTo(isNominated));
        Assert.That(server.Requests - before, isNominated ? Is.Zero : Is.InRange(7, 9));
    }

    [Test]
    public void A_binding_is_kept_open_for_as_long_as_the_peer_may_need_it()
    {
        var nat = new VirtualNat(Outside, NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent) { MappingLifetime = TimeSpan.FromSeconds(30) };
        var (network, peer, server) = Place(nat);
        network.RunFor(TimeSpan.FromMinutes(5));
        Assert.That(server.Requests, Is.InRange(18, 22));
        Assert.That(peer.Gathered, Has.Count.EqualTo(2));
    }

    private static (VirtualNetwork Network, IcePeer Peer, StunServerNode Server) Place(VirtualNat? nat, int seed = 1, double loss = 0)
    {
        var network = new VirtualNetwork(seed) { Conditions = new LinkConditions { LossRate = loss } };
        var server = new StunServerNode();
        var peer = new IcePeer(IceRole.Controlling);
        network.AddHost("S", server, Server);
        network.AddHost("A", peer, nat, IcePair.AddressA);
        peer.Agent.StartGathering([IcePair.AddressA], [Server], network.Now);
        return (network, peer, server);
    }
}
