using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class RelayTests
{
    private static readonly TransportAddress ServerAddress = TransportAddress.Parse("198.51.100.1", 3478);
    private static readonly TransportAddress OtherAddress = TransportAddress.Parse("198.51.100.2", 3478);
    private static readonly TransportAddress OutsideA = TransportAddress.Parse("203.0.113.1", 0);
    private static readonly TransportAddress OutsideB = TransportAddress.Parse("203.0.113.2", 0);

    [TestCase(0.0)]
    [TestCase(0.1)]
    public void Two_agents_behind_strict_nats_connect_through_the_relay(double loss)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var (pair, server) = Place(seed, loss, new VirtualNat(OutsideA, NatBehavior.AddressAndPortDependent, NatBehavior.AddressAndPortDependent), new VirtualNat(OutsideB, NatBehavior.AddressAndPortDependent, NatBehavior.AddressAndPortDependent));
            Gather(pair);
            Assert.That(pair.Network.RunUntil(() => pair.BothNominated, TimeSpan.FromSeconds(30)), Is.True, $"seed {seed}");
            Assert.That(pair.A.Agent.GetSelectedPair()!.Local.Type == IceCandidateType.Relay || pair.B.Agent.GetSelectedPair()!.Local.Type == IceCandidateType.Relay, Is.True, $"seed {seed}");
            Assert.That(server.AllocationCount, Is.EqualTo(2), "one allocation serves all pairs of an agent");
        }
    }

    [Test]
    public void A_direct_path_is_preferred_to_the_relay()
    {
        var (pair, _) = Place();
        Gather(pair);
        Assert.That(pair.Network.RunUntil(() => pair.BothNominated, TimeSpan.FromSeconds(10)), Is.True);
        Assert.That(pair.A.Agent.GetSelectedPair()!.Local.Type, Is.EqualTo(IceCandidateType.Host));
    }

    [Test]
    public void Consent_keeps_a_relayed_connection_alive_for_an_hour()
    {
        var (pair, server) = Place();
        Gather(pair, isRelayOnly: true);
        Assert.That(pair.Network.RunUntil(() => pair.BothNominated, TimeSpan.FromSeconds(10)), Is.True);
        var before = pair.A.SelectedPath;
        pair.Network.RunFor(TimeSpan.FromHours(1));
        Assert.That(pair.BothConnected && pair.A.SelectedPath == before, Is.True);
        Assert.That(server.Relayed.ChannelData, Is.GreaterThan(server.Relayed.Indications), "the selected pair has a channel");
    }

    [Test]
    public void Security_10_relay_only_tells_and_uses_relayed_addresses_only()
    {
        var (pair, server) = Place();
        var strangers = 0;
        pair.Network.Interceptor = d =>
        {
            var local = d.Path.Local;
            var remote = d.Path.Remote;
            strangers += (local == IcePair.AddressA || local == IcePair.AddressB) && remote != server.Address ? 1 : 0;
            return DatagramFate.Pass;
        };
        Gather(pair, isRelayOnly: true);
        Assert.That(pair.Network.RunUntil(() => pair.BothNominated, TimeSpan.FromSeconds(10)), Is.True);
        Assert.That(strangers, Is.Zero, "the sockets speak to the server only");
        foreach (var peer in new[] { pair.A, pair.B })
        {
            Assert.That(peer.Gathered.Select(c => c.Type), Is.All.EqualTo(IceCandidateType.Relay));
            Assert.That(peer.Gathered.Select(c => c.ToString()), Is.All.Contains("raddr 0.0.0.0 rport 9"));
            Assert.That(peer.Agent.GetLocalCandidates().Select(c => c.Address), Has.None.EqualTo(IcePair.AddressA).And.None.EqualTo(IcePair.AddressB));
        }
    }

    [Test]
    public void Relay_only_agents_do_not_answer_checks_that_come_to_their_sockets()
    {
        var (pair, _) = Place();
        Gather(pair.A, isRelayOnly: true, Server(ServerAddress));
        Gather(pair.B, isRelayOnly: false);
        pair.B.Agent.SetRemoteCredentials(pair.A.Agent.LocalCredentials, pair.Now);
        pair.B.Agent.AddRemoteCandidate(Bench.Candidate(IcePair.AddressA), pair.Now);
        pair.Network.RunFor(TimeSpan.FromSeconds(3));
        Assert.That(pair.A.Agent.GetDroppedCount(IceDropReason.NotExpected), Is.GreaterThan(0));
    }

    [Test]
    public void A_relayed_candidate_says_where_it_comes_from()
    {
        var (pair, _) = Place(natA: new VirtualNat(OutsideA, NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent));
        Gather(pair.A, isRelayOnly: false, Server(ServerAddress));
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        var candidate = pair.A.Gathered.Single(c => c.Type == IceCandidateType.Relay);
        var reflexive = pair.A.Gathered.Single(c => c.Type == IceCandidateType.ServerReflexive);
        Assert.That(candidate.Address.HasSameAddress(ServerAddress), Is.True);
        Assert.That(candidate.RelatedAddress, Is.EqualTo(reflexive.Address));
        Assert.That((candidate.RelayProtocol, candidate.ServerUrl), Is.EqualTo((IceRelayProtocol.Udp, "turn:" + ServerAddress)));
        Assert.That(candidate.Priority >> 24, Is.Zero, "type preference 0");
        Assert.That(pair.A.Gathered.Select(c => c.Foundation), Is.Unique);
    }

    [Test]
    public void A_relay_is_not_told_what_a_name_of_the_peer_stands_for()
    {
        var (pair, _) = Place();
        Gather(pair.A, isRelayOnly: false, Server(ServerAddress));
        pair.A.Agent.SetRemoteCredentials(Bench.PeerCredentials, pair.Now);
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        var (named, plain) = (Bench.Candidate(IcePair.AddressB) with { HostName = "1f4712db-ea17-4bcf-a596-105139dfd8bf.local" }, Bench.Candidate(IcePair.AddressB.WithPort(7)));
        pair.A.Agent.AddRemoteCandidate(named, pair.Now);
        pair.A.Agent.AddRemoteCandidate(plain, pair.Now);
        var pairs = pair.A.Agent.GetCandidatePairs().Select(p => (p.Local.Type, p.Remote.Port));
        Assert.That(pairs, Is.EquivalentTo(new[]
        {
            (IceCandidateType.Host, named.Port), (IceCandidateType.Host, plain.Port), (IceCandidateType.Relay, plain.Port),
        }));
    }

    [TestCase(StunErrorCode.InsufficientCapacity)]
    [TestCase(StunErrorCode.AllocationQuotaReached)]
    [TestCase(StunErrorCode.Forbidden)]
    public void A_server_that_has_no_room_still_tells_the_address_outside(StunErrorCode error)
    {
        var (pair, server) = Place(natA: new VirtualNat(OutsideA, NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent));
        server.AllocateError = error;
        Gather(pair.A, isRelayOnly: false, Server(ServerAddress));
        Assert.That(pair.Network.RunUntil(() => pair.A.Agent.GatheringState == IceGatheringState.Complete, TimeSpan.FromSeconds(5)), Is.True);
        var reflexive = pair.A.Gathered.Where(c => c.Type == IceCandidateType.ServerReflexive).ToList();
        Assert.That(reflexive.Select(c => c.ServerUrl), Is.EqualTo(error == StunErrorCode.Forbidden ? [] : new[] { "turn:" + ServerAddress }));
        Assert.That(pair.A.Events.Single(e => e.Kind == IceEventKind.GatheringFailed).ErrorCode, Is.EqualTo((int)error));
        pair.A.Agent.Restart(pair.Now);
        Assert.That(pair.Network.RunUntil(() => pair.A.Agent.GatheringState == IceGatheringState.Complete, TimeSpan.FromSeconds(5)), Is.True);
        Assert.That(pair.A.Gathered.Count(c => c.Type == IceCandidateType.ServerReflexive), Is.EqualTo(2 * reflexive.Count), "also for the next generation");
    }

    [Test]
    public void Wrong_credentials_are_told_as_401_with_the_url()
    {
        var (pair, server) = Place();
        server.Password = "another";
        Gather(pair.A, isRelayOnly: false, Server(ServerAddress));
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        var failure = pair.A.Events.Single(e => e.Kind == IceEventKind.GatheringFailed);
        Assert.That((failure.ErrorCode, failure.ServerUrl, failure.ErrorText), Is.EqualTo((401, "turn:" + ServerAddress, "Because")));
        Assert.That(pair.A.Agent.GatheringState, Is.EqualTo(IceGatheringState.Complete));
    }

    [Test]
    public void The_next_address_is_tried_when_one_does_not_answer()
    {
        var (pair, _) = Place();
        Gather(pair.A, isRelayOnly: false, Server(TransportAddress.Parse("198.51.100.99", 3478), ServerAddress));
        Assert.That(pair.Network.RunUntil(() => pair.A.Agent.GatheringState == IceGatheringState.Complete, TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(pair.A.Gathered.Exists(c => c.Type == IceCandidateType.Relay), Is.True);
        Assert.That(pair.A.Events.Exists(e => e.Kind == IceEventKind.GatheringFailed), Is.False);
    }

    [Test]
    public void Servers_that_cannot_be_asked_are_told_as_701()
    {
        var (pair, _) = Place();
        var nameless = Server(ServerAddress) with { Url = "turn:nowhere.example", Addresses = [] };
        var unreachable = Server(TransportAddress.Parse("2001:db8::1", 3478));
        pair.A.Agent.StartGathering(
            new IceGatheringOptions { HostAddresses = [IcePair.AddressA], TurnServers = [nameless, unreachable], StunServers = [new StunServer(default, "stun:nowhere.example")] }, pair.Now);
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(
            pair.A.Events.Where(e => e.Kind == IceEventKind.GatheringFailed).Select(e => (e.ServerUrl, e.ErrorCode)),
            Is.EquivalentTo(new[] { ("turn:nowhere.example", 701), (unreachable.Url, 701), ("stun:nowhere.example", 701) }));
        Assert.That(pair.A.Agent.GatheringState, Is.EqualTo(IceGatheringState.Complete));
        Assert.That(pair.A.Gathered.Single().Type, Is.EqualTo(IceCandidateType.Host));
    }

    [Test]
    public void Several_servers_are_asked_at_once_and_one_that_is_dead_does_not_hold_up_the_other()
    {
        var (pair, _) = Place();
        Gather(pair.A, isRelayOnly: false, Server(TransportAddress.Parse("198.51.100.99", 3478)), Server(ServerAddress));
        Assert.That(pair.Network.RunUntil(() => pair.A.Gathered.Exists(c => c.Type == IceCandidateType.Relay), TimeSpan.FromSeconds(1)), Is.True);
        Assert.That(pair.Network.RunUntil(() => pair.A.Agent.GatheringState == IceGatheringState.Complete, TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(pair.A.Events.Single(e => e.Kind == IceEventKind.GatheringFailed).ErrorCode, Is.EqualTo(701));
    }

    [Test]
    public void An_alternate_server_is_followed_and_a_circle_of_them_is_left()
    {
        var (pair, server) = Place();
        var other = new TurnServerNode(OtherAddress);
        pair.Network.AddHost("other", other, other.Addresses);
        server.AllocateError = StunErrorCode.TryAlternate;
        server.AlternateServer = OtherAddress;
        Gather(pair.A, isRelayOnly: false, Server(ServerAddress));
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(pair.A.Gathered.Single(c => c.Type == IceCandidateType.Relay).Address.HasSameAddress(OtherAddress), Is.True);

        other.AllocateError = StunErrorCode.TryAlternate;
        other.AlternateServer = ServerAddress;
        Gather(pair.B, isRelayOnly: false, Server(ServerAddress));
        pair.Network.RunFor(TimeSpan.FromSeconds(5));
        Assert.That(pair.B.Events.Single(e => e.Kind == IceEventKind.GatheringFailed).ErrorCode, Is.EqualTo(300));
        Assert.That(server.Requests[StunMethod.Allocate] + other.Requests[StunMethod.Allocate], Is.LessThan(16));
    }

    [Test]
    public void A_restart_offers_the_same_allocation_again()
    {
        var (pair, server) = Place();
        Gather(pair.A, isRelayOnly: true, Server(ServerAddress));
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        pair.A.Agent.Restart(pair.Now);
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(pair.A.Gathered.Select(c => c.Address).Distinct().Count(), Is.EqualTo(1));
        Assert.That(pair.A.Gathered.Select(c => c.UsernameFragment).Distinct().Count(), Is.EqualTo(2));
        Assert.That(server.Requests[StunMethod.Allocate], Is.EqualTo(2), "the first one and its answer to the challenge");
    }

    [Test]
    public void Close_gives_the_allocation_back()
    {
        var (pair, server) = Place();
        Gather(pair.A, isRelayOnly: true, Server(ServerAddress));
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(server.AllocationCount, Is.EqualTo(1));
        pair.A.Agent.Close(pair.Now);
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(server.AllocationCount, Is.Zero);
        Assert.That(pair.A.Agent.NextTimeout, Is.Null);
    }

    [Test]
    public void A_server_that_has_forgotten_the_allocations_gives_others_and_the_connection_goes_on()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var (pair, server) = Place(seed);
            Gather(pair, isRelayOnly: true);
            Assert.That(pair.Network.RunUntil(() => pair.BothNominated, TimeSpan.FromSeconds(10)), Is.True, $"seed {seed}");
            var before = pair.A.SelectedPath!.Value.Local;
            server.Forget();
            server.ExpireNonce();
            Assert.That(pair.Network.RunUntil(() => pair.A.Agent.State == IceAgentState.Disconnected, TimeSpan.FromSeconds(20)), Is.True, $"seed {seed}");
            Assert.That(pair.Network.RunUntil(() => pair.BothConnected && pair.A.SelectedPath is { } path && path.Local != before, TimeSpan.FromSeconds(20)), Is.True, $"seed {seed}");
            Assert.That(pair.A.Gathered.Count(c => c.Type == IceCandidateType.Relay), Is.EqualTo(2), "the new address is told");
            Assert.That(pair.A.Events.Exists(e => e is { Kind: IceEventKind.StateChanged, State: IceAgentState.Failed }), Is.False, $"seed {seed}");
            pair.Network.RunFor(TimeSpan.FromMinutes(30));
            Assert.That(pair.BothConnected, Is.True, $"seed {seed}");
        }
    }

    [Test]
    public void A_server_that_does_not_come_back_is_given_up_in_the_end()
    {
        var (pair, server) = Place();
        Gather(pair, isRelayOnly: true);
        Assert.That(pair.Network.RunUntil(() => pair.BothNominated, TimeSpan.FromSeconds(10)), Is.True);
        server.Forget();
        server.AllocateError = StunErrorCode.InsufficientCapacity;
        Assert.That(pair.Network.RunUntil(() => pair.A.Agent.State == IceAgentState.Failed, TimeSpan.FromMinutes(5)), Is.True);
        Assert.That(pair.A.Events.Last(e => e.Kind == IceEventKind.GatheringFailed).ErrorCode, Is.EqualTo((int)StunErrorCode.InsufficientCapacity));
        Assert.That(server.Requests[StunMethod.Allocate], Is.LessThan(60));
    }

    [Test]
    public void A_peer_that_the_server_forbids_fails_only_its_own_pairs()
    {
        var (pair, server) = Place();
        server.Forbidden = TransportAddress.Parse("10.9.9.9", 1);
        Gather(pair, isRelayOnly: true);
        pair.A.Agent.AddRemoteCandidate(Bench.Candidate(server.Forbidden), pair.Now);
        Assert.That(pair.Network.RunUntil(() => pair.BothNominated, TimeSpan.FromSeconds(10)), Is.True);
        Assert.That(pair.A.Agent.GetCandidatePairs().Single(p => p.Remote.Address == server.Forbidden).State, Is.EqualTo(IceCandidatePairState.Failed));
    }

    [Test]
    public void A_stream_is_asked_for_used_and_given_back()
    {
        var agent = new IceAgent(new IceAgentOptions(), new SeededRandomSource(1));
        var now = VirtualClock.Start;
        var local = Bench.Local.WithPort(7777);
        agent.StartGathering(new IceGatheringOptions { TurnServers = [Server(ServerAddress) with { Protocol = IceRelayProtocol.Tls, HostName = "turn.example" }] }, now);
        Assert.That(agent.Relays.TryPollStreamRequest(out var request), Is.True);
        Assert.That((request!.IsOpen, request.Remote, request.Protocol, request.HostName), Is.EqualTo((true, ServerAddress, IceRelayProtocol.Tls, "turn.example")));
        agent.Relays.OnStreamOpened(request.Id, local, now);
        var buffer = new byte[1300];
        Assert.That(agent.TryPollTransmit(buffer, out var transmit), Is.True);
        Assert.That(transmit.Path, Is.EqualTo(new NetworkPath(local, ServerAddress, TransportProtocol.Tcp)));
        agent.Relays.OnStreamClosed(request.Id, now);
        Assert.That(agent.GatheringState, Is.EqualTo(IceGatheringState.Complete));
        Assert.That(agent.Relays.TryPollStreamRequest(out var closing) && !closing!.IsOpen && closing.Id == request.Id, Is.True);
    }

    [Test]
    public void Security_12_a_stream_that_does_not_open_is_given_up()
    {
        var agent = new IceAgent(new IceAgentOptions(), new SeededRandomSource(1));
        var now = VirtualClock.Start;
        agent.StartGathering(new IceGatheringOptions { TurnServers = [Server(ServerAddress) with { Protocol = IceRelayProtocol.Tcp }] }, now);
        Assert.That(agent.NextTimeout, Is.EqualTo(now + TimeSpan.FromSeconds(10)));
        agent.HandleTimeout(agent.NextTimeout!.Value);
        var errors = new List<int>();
        while (agent.TryPollEvent(out var e))
        {
            if (e.Kind == IceEventKind.GatheringFailed)
            {
                errors.Add(e.ErrorCode);
            }
        }

        Assert.That(errors, Is.EqualTo(new[] { 701 }));
        Assert.That(agent.GatheringState, Is.EqualTo(IceGatheringState.Complete));
    }

    private static TurnServer Server(params TransportAddress[] addresses) => new()
    {
        Url = "turn:" + addresses[0],
        Addresses = addresses,
        Username = "alice",
        Password = "secret",
    };

    private static (IcePair Pair, TurnServerNode Server) Place(int seed = 1, double loss = 0, VirtualNat? natA = null, VirtualNat? natB = null)
    {
        var pair = new IcePair(seed, new LinkConditions { LossRate = loss, Delay = TimeSpan.FromMilliseconds(10) });
        var server = new TurnServerNode(ServerAddress);
        pair.Network.AddHost("server", server, server.Addresses);
        pair.Place(natA: natA, natB: natB);
        return (pair, server);
    }

    private static void Gather(IcePair pair, bool isRelayOnly = false)
    {
        pair.A.TrickleTo = pair.B;
        pair.B.TrickleTo = pair.A;
        Gather(pair.A, isRelayOnly, Server(ServerAddress));
        Gather(pair.B, isRelayOnly, Server(ServerAddress));
        pair.A.Agent.SetRemoteCredentials(pair.B.Agent.LocalCredentials, pair.Now);
        pair.B.Agent.SetRemoteCredentials(pair.A.Agent.LocalCredentials, pair.Now);
    }

    private static void Gather(IcePeer peer, bool isRelayOnly, params TurnServer[] servers) =>
        peer.Agent.StartGathering(
            new IceGatheringOptions { HostAddresses = [.. peer.Host!.Addresses], TurnServers = servers, IsRelayOnly = isRelayOnly }, VirtualClock.Start);
}
