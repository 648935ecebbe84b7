using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

/// <summary>Addresses that go and come while a connection is up.</summary>
[TestFixture]
public class NetworkChangeTests
{
    private static readonly TransportAddress Second = TransportAddress.Parse("10.0.0.3", 5003);
    private static readonly TransportAddress Third = TransportAddress.Parse("10.0.0.4", 5004);

    // Relays do not reach into private networks.
    private static readonly TransportAddress PublicB = TransportAddress.Parse("203.0.113.7", 5000);
    private static readonly TransportAddress Server = TransportAddress.Parse("198.51.100.1", 3478);

    [Test]
    public void An_address_that_goes_moves_the_connection_at_once([Values] bool isControlling, [Values] bool isRenominating)
    {
        var pair = Connected([IcePair.AddressA, Second], isControlling, isRenominating);
        var before = pair.A.SelectedPath!.Value.Local;
        var start = pair.Now;
        Remove(pair, before);
        Assert.That(pair.Drive(() => pair.PathsMatch && pair.BothNominated && pair.BothConnected, 5), Is.True);
        Assert.That((pair.Now - start).TotalSeconds, Is.LessThan(1.5), "the peer need not wait for consent to expire");
        Assert.That(pair.A.SelectedPath!.Value.Local, Is.Not.EqualTo(before));
        pair.Drive(TimeSpan.FromMinutes(2));
        Assert.That(pair.BothConnected && pair.PathsMatch, Is.True);
        Assert.That(pair.A.States.Concat(pair.B.States), Has.None.EqualTo(IceAgentState.Failed));
    }

    [Test]
    public void The_only_address_may_go_and_come_back([Values] bool isControlling, [Values(0.5, 3, 10)] double seconds)
    {
        var pair = Connected([IcePair.AddressA], isControlling, isRenominating: true);
        Remove(pair, IcePair.AddressA);
        pair.Drive(TimeSpan.FromSeconds(seconds));
        Add(pair, Second);
        Assert.That(pair.Drive(() => pair.PathsMatch && pair.BothConnected && pair.BothNominated, 5), Is.True);
        Assert.That(pair.A.SelectedPath!.Value.Local, Is.EqualTo(Second));
        Assert.That(pair.A.States.Concat(pair.B.States), Has.None.EqualTo(IceAgentState.Failed));
    }

    [Test]
    public void Without_any_address_the_agent_fails_in_the_end_and_says_why()
    {
        var pair = Connected([IcePair.AddressA], isControlling: true, isRenominating: true);
        Remove(pair, IcePair.AddressA);
        Assert.That(pair.A.Agent.State, Is.EqualTo(IceAgentState.Checking));
        Assert.That(pair.Drive(() => pair.A.Agent.State == IceAgentState.Failed, 41), Is.True);
        Assert.That(pair.A.Agent.FailureReason, Is.EqualTo(IceFailureReason.AddressLost));
        Assert.That(pair.Drive(() => pair.B.Agent.State == IceAgentState.Failed, 60), Is.True);
        Assert.That(pair.B.Agent.FailureReason, Is.EqualTo(IceFailureReason.ConsentExpired));
    }

    [Test]
    public void A_new_address_is_gathered_from_and_told()
    {
        var pair = new IcePair { Servers = [Server] };
        pair.Network.AddHost("S", new StunServerNode(), Server);
        var nat = new VirtualNat(TransportAddress.Parse("203.0.113.1", 0), NatBehavior.EndpointIndependent, NatBehavior.AddressAndPortDependent);
        pair.Place(natA: nat).Signal();
        Assert.That(pair.Drive(() => pair.BothNominated), Is.True);
        var gathered = pair.A.Gathered.Count;
        Add(pair, Second);
        pair.Drive(TimeSpan.FromSeconds(1));
        Assert.That(pair.A.Gathered.Skip(gathered).Select(c => (c.Type, c.RelatedAddress ?? c.Address)), Is.EqualTo(new[]
        {
            (IceCandidateType.Host, Second), (IceCandidateType.ServerReflexive, Second),
        }));
    }

    [Test]
    public void A_cheaper_network_that_comes_takes_the_connection_over_where_renomination_is_known([Values] bool isRenominating)
    {
        var pair = new IcePair().Place();
        Signal(pair, new IceGatheringOptions { HostAddresses = [IcePair.AddressA], NetworkCosts = new Dictionary<TransportAddress, int> { [IcePair.AddressA] = 900 } }, isRenominating);
        Assert.That(pair.Drive(() => pair.BothNominated), Is.True);
        pair.Drive(TimeSpan.FromSeconds(10));
        Add(pair, Second);
        pair.Drive(TimeSpan.FromSeconds(3));
        Assert.That(pair.A.SelectedPath!.Value.Local, Is.EqualTo(isRenominating ? Second : IcePair.AddressA));
        Assert.That(pair.PathsMatch && pair.BothNominated, Is.True);
    }

    [Test]
    public void The_cheaper_of_two_networks_is_preferred()
    {
        var pair = new IcePair().Place([IcePair.AddressA, Second]);
        Signal(pair, new IceGatheringOptions
        {
            HostAddresses = [IcePair.AddressA, Second],
            NetworkCosts = new Dictionary<TransportAddress, int> { [IcePair.AddressA] = 900, [Second] = 10 },
        });
        Assert.That(pair.Drive(() => pair.BothNominated), Is.True);
        pair.Drive(TimeSpan.FromSeconds(3));
        Assert.That(pair.A.SelectedPath!.Value.Local, Is.EqualTo(Second));
    }

    [Test]
    public void A_path_that_falls_silent_is_left_for_one_that_works([Values] bool isControlling)
    {
        var pair = Connected([IcePair.AddressA, Second], isControlling, isRenominating: true);
        var dead = pair.A.SelectedPath!.Value.Local;
        pair.Network.Interceptor = d => d.Path.Local == dead || d.Path.Remote == dead ? DatagramFate.Drop : DatagramFate.Pass;
        var start = pair.Now;
        Assert.That(pair.Drive(() => pair.PathsMatch && pair.A.SelectedPath!.Value.Local != dead && pair.BothNominated, 30), Is.True);
        Assert.That((pair.Now - start).TotalSeconds, Is.LessThan(13), "a consent check every 6 s at most, unanswered for 5 s");
        Assert.That(pair.A.States.Concat(pair.B.States), Has.None.EqualTo(IceAgentState.Failed));
    }

    [Test]
    public void Restarts_work_with_and_without_new_addresses_from_either_side([Values] bool isControlling, [Values] bool hasNewAddress)
    {
        var pair = Connected([IcePair.AddressA], isControlling, isRenominating: true);
        if (hasNewAddress)
        {
            Remove(pair, IcePair.AddressA);
            Add(pair, Second);
        }

        pair.A.Agent.Restart(pair.Now);
        pair.B.Agent.SetRemoteCredentials(pair.A.Agent.LocalCredentials, pair.Now);
        pair.A.Agent.SetRemoteCredentials(pair.B.Agent.LocalCredentials, pair.Now);
        pair.Drive(TimeSpan.FromSeconds(2));
        Assert.That(pair.BothConnected && pair.PathsMatch && pair.BothNominated, Is.True);
        Assert.That(pair.A.SelectedPath!.Value.Local, Is.EqualTo(hasNewAddress ? Second : IcePair.AddressA));
        Assert.That(pair.A.Agent.GetSelectedPair()!.Local.UsernameFragment, Is.EqualTo(pair.A.Agent.LocalCredentials.UsernameFragment), "it is the new generation");
    }

    [Test]
    public void Another_policy_counts_from_a_restart_on()
    {
        var pair = Connected([IcePair.AddressA], isControlling: true, isRenominating: true, PublicB);
        var relay = new TurnRelayNode(Server);
        pair.Network.AddHost("turn", relay, relay.Addresses);
        var gathered = pair.A.Gathered.Count;
        pair.A.Agent.RestartWithoutGathering(IceCredentials.Generate(new SeededRandomSource(9)), pair.Now);
        pair.B.Agent.SetRemoteCredentials(pair.A.Agent.LocalCredentials, pair.Now);
        pair.A.Agent.SetRemoteCredentials(pair.B.Agent.LocalCredentials, pair.Now);
        pair.Drive(TimeSpan.FromSeconds(1));
        Assert.That(pair.A.Gathered, Has.Count.EqualTo(gathered), "nothing is gathered before it is said from where");
        Assert.That(pair.A.IsConnected, Is.True, "the old path serves");
        pair.A.Agent.GatherAnew(
            new IceGatheringOptions
            {
                HostAddresses = [IcePair.AddressA],
                IsRelayOnly = true,
                TurnServers = [new TurnServer { Url = "turn:s", Addresses = [Server], Username = "alice", Password = "secret" }],
            },
            pair.Now);
        Assert.That(pair.Drive(() => pair.A.Agent.GetSelectedPair()!.Local.Type == IceCandidateType.Relay && pair.BothNominated, 5), Is.True);
        Assert.That(pair.A.Gathered.Skip(gathered).Select(c => c.Type), Is.All.EqualTo(IceCandidateType.Relay));
        Assert.That(pair.BothConnected, Is.True);
    }

    [Test]
    public void A_relay_of_a_lost_address_is_given_up_and_made_anew()
    {
        var relay = new TurnRelayNode(Server);
        var pair = new IcePair().Place(b: [PublicB]);
        pair.Network.AddHost("turn", relay, relay.Addresses);
        Signal(pair, new IceGatheringOptions
        {
            HostAddresses = [IcePair.AddressA],
            IsRelayOnly = true,
            TurnServers = [new TurnServer { Url = "turn:s", Addresses = [Server], Username = "alice", Password = "secret" }],
        });
        Assert.That(pair.Drive(() => pair.BothNominated), Is.True);
        Remove(pair, IcePair.AddressA);
        pair.Drive(TimeSpan.FromSeconds(1));
        Add(pair, Second);
        Assert.That(pair.Drive(() => pair.PathsMatch && pair.BothConnected && pair.BothNominated, 5), Is.True);
        Assert.That(pair.A.Agent.GetSelectedPair()!.Local.Type, Is.EqualTo(IceCandidateType.Relay));
    }

    [Test]
    public void Addresses_that_cannot_be_used_are_ignored()
    {
        var bench = new Bench();
        bench.Connect();
        bench.Agent.AddHostAddress(default, 0, bench.Now);
        bench.Agent.AddHostAddress(Bench.Local, 0, bench.Now);
        bench.Agent.RemoveHostAddress(Third, bench.Now);
        Assert.That(bench.Agent.GetLocalCandidates(), Has.Count.EqualTo(1));
        for (var i = 0; i < 100; i++)
        {
            bench.Agent.AddHostAddress(Third.WithPort(6000 + i), 0, bench.Now);
        }

        Assert.That(bench.Agent.GetLocalCandidates(), Has.Count.LessThanOrEqualTo(32));
        bench.Agent.Close(bench.Now);
        bench.Agent.AddHostAddress(Third, 0, bench.Now);
        bench.Agent.RemoveHostAddress(Bench.Local, bench.Now);
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Closed));
    }

    private static IcePair Connected(TransportAddress[] addresses, bool isControlling, bool isRenominating, TransportAddress? b = null)
    {
        var pair = new IcePair(roleA: isControlling ? IceRole.Controlling : IceRole.Controlled, roleB: isControlling ? IceRole.Controlled : IceRole.Controlling).Place(addresses, b is { } other ? [other] : null);
        Signal(pair, new IceGatheringOptions { HostAddresses = addresses }, isRenominating);
        Assert.That(pair.Drive(() => pair.BothNominated), Is.True, "connects");
        pair.Drive(TimeSpan.FromSeconds(10));
        return pair;
    }

    private static void Signal(IcePair pair, IceGatheringOptions options, bool isRenominating = true)
    {
        pair.A.TrickleTo = pair.B;
        pair.B.TrickleTo = pair.A;
        pair.A.Agent.SetRemoteRenomination(isRenominating);
        pair.B.Agent.SetRemoteRenomination(isRenominating);
        pair.A.Agent.SetRemoteCredentials(pair.B.Agent.LocalCredentials, pair.Now);
        pair.B.Agent.SetRemoteCredentials(pair.A.Agent.LocalCredentials, pair.Now);
        pair.A.Agent.StartGathering(options, pair.Now);
        pair.B.Agent.StartGathering([.. pair.B.Host!.Addresses], [], pair.Now);
    }

    private static void Remove(IcePair pair, TransportAddress address)
    {
        pair.Network.Unbind(pair.A.Host!, address);
        pair.A.Agent.RemoveHostAddress(address, pair.Now);
    }

    private static void Add(IcePair pair, TransportAddress address)
    {
        pair.Network.Bind(pair.A.Host!, address);
        pair.A.Agent.AddHostAddress(address, 0, pair.Now);
    }
}
