using WebRtcCore.Primitives;

namespace WebRtcCore.Ice.Tests;

/// <summary>Candidates over TCP (RFC 6544).</summary>
public class TcpTests
{
    [TestCase(IceTcpType.Active, IceTcpType.Passive)]
    [TestCase(IceTcpType.Passive, IceTcpType.Active)]
    public void Connects_over_TCP_where_UDP_is_blocked_whichever_side_controls(IceTcpType controlling, IceTcpType controlled)
    {
        var pair = new TcpPair(controlling, controlled).Connected();
        var (active, passive) = controlling == IceTcpType.Active ? (pair.A, pair.B) : (pair.B, pair.A);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(active.Agent.GetSelectedPair()!.Path, Is.EqualTo(new NetworkPath(active.TcpHost.Address, passive.TcpHost.Address, TransportProtocol.Tcp)));
            Assert.That(passive.Agent.GetSelectedPair()!.Path.Local, Is.EqualTo(passive.TcpHost.Address));
            Assert.That(passive.Agent.GetSelectedPair()!.Remote, Has.Property(nameof(IceCandidate.Type)).EqualTo(IceCandidateType.PeerReflexive)
                .And.Property(nameof(IceCandidate.TcpType)).EqualTo(IceTcpType.Active).And.Property(nameof(IceCandidate.Protocol)).EqualTo(TransportProtocol.Tcp));
            Assert.That(pair.Attempts, Is.EqualTo(1));
            Assert.That(active.Agent.IsValidatedPath(active.Agent.GetSelectedPair()!.Path));
        }
    }

    [Test]
    public void UDP_wins_where_both_work()
    {
        var pair = new TcpPair { PassesUdp = true }.Connected();
        pair.Drive(3);
        Assert.That(pair.A.Agent.GetSelectedPair()!.Path.Protocol, Is.EqualTo(TransportProtocol.Udp));
        Assert.That(pair.B.Agent.GetSelectedPair()!.Path.Protocol, Is.EqualTo(TransportProtocol.Udp));
    }

    [Test]
    public void Candidates_say_their_kind_and_active_ones_have_the_discard_port()
    {
        var pair = new TcpPair().Signal();
        pair.Drive(0);
        var (active, passive) = (pair.A.Gathered[1], pair.B.Gathered[1]);
        Assert.That(active.ToString(), Does.Contain(" tcp ").And.Contain(" 10.0.0.1 9 typ host tcptype active"));
        Assert.That(passive.ToString(), Does.Contain(" 10.0.0.2 5000 typ host tcptype passive"));
        Assert.That(IceCandidate.TryParse(active.ToString(), out var parsed) ? (parsed.TcpType, parsed.Address, parsed.ToString()) : default, Is.EqualTo((active.TcpType, active.Address, active.ToString())));
        Assert.That(active.Foundation, Is.Not.EqualTo(pair.A.Gathered[0].Foundation));
    }

    [Test]
    public void Priorities_follow_type_and_direction()
    {
        var pair = new TcpPair().Signal();
        pair.Drive(0);

        // RFC 6544 4.2: type preference, then direction 6 or 4 in the upper three bits of the local preference.
        Assert.That(pair.A.Gathered[1].Priority, Is.EqualTo((90u << 24) + (((6u << 13) + 8191) << 8) + 255));
        Assert.That(pair.B.Gathered[1].Priority, Is.EqualTo((90u << 24) + (((4u << 13) + 8191) << 8) + 255));
        Assert.That(pair.A.Gathered[0].Priority, Is.GreaterThan(pair.A.Gathered[1].Priority));
        Assert.That(TcpPriority.ForCandidate(IceCandidateType.PeerReflexive, 0) >> 24, Is.EqualTo(80));
    }

    [TestCase(IceTcpType.Active)]
    [TestCase(IceTcpType.Passive)]
    public void Two_of_one_kind_do_not_pair(IceTcpType type)
    {
        var pair = new TcpPair(type, type).Signal();
        Assert.That(pair.Drive(() => pair.A.Agent.State == IceAgentState.Failed && pair.B.Agent.State == IceAgentState.Failed));
        Assert.That(pair.Attempts, Is.Zero);
        Assert.That(pair.A.Agent.GetCandidatePairs().Select(p => p.Path.Protocol), Is.All.EqualTo(TransportProtocol.Udp));
    }

    [Test]
    public void Simultaneous_open_candidates_of_the_peer_are_left_alone()
    {
        var pair = new TcpPair();
        pair.Signal();
        Assert.That(IceCandidate.TryParse("candidate:9 1 tcp 1518149375 10.0.0.2 7000 typ host tcptype so", out var candidate));
        Assert.That(candidate!.TcpType, Is.EqualTo(IceTcpType.SimultaneousOpen));
        pair.A.Agent.AddRemoteCandidate(candidate, pair.Now);
        Assert.That(pair.A.Agent.GetDroppedCount(IceDropReason.UnusableCandidate), Is.EqualTo(1));
    }

    [Test]
    public void A_refused_connection_fails_its_pair_at_once()
    {
        var pair = new TcpPair { Refuses = true }.Signal();
        Assert.That(pair.Drive(() => TcpPairOf(pair.A)?.State == IceCandidatePairState.Failed, seconds: 1));
        Assert.That(pair.A.Agent.Tcp.Count, Is.Zero);
        Assert.That(pair.Drive(() => pair.A.Agent.State == IceAgentState.Failed));
        Assert.That(pair.Attempts, Is.EqualTo(1));
    }

    [Test]
    public void A_check_is_sent_once_on_a_stream_and_its_pair_fails_when_no_answer_comes()
    {
        var pair = new TcpPair().Signal();
        Assert.That(pair.Drive(() => pair.OpenStreams == 1));
        pair.IsDead = true;
        Assert.That(pair.Drive(() => TcpPairOf(pair.A)?.State == IceCandidatePairState.Failed, seconds: 15));
        Assert.That(pair.A.Sent.Count(s => s.Path.Protocol == TransportProtocol.Tcp), Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void An_attempt_that_hangs_fails_its_pair_and_is_called_off()
    {
        var pair = new TcpPair { IsDead = true }.Signal();
        Assert.That(pair.Drive(() => TcpPairOf(pair.A)?.State == IceCandidatePairState.Failed, seconds: 15));
        Assert.That(pair.A.Agent.Tcp.Count, Is.Zero);

        // What opens after all is closed again.
        pair.A.Agent.Tcp.OnOpened(new NetworkPath(pair.A.TcpHost.Address, pair.B.TcpHost.Address, TransportProtocol.Tcp), pair.Now);
        Assert.That(pair.A.Agent.Tcp.TryPollRequest(out var request) && !request.IsOpen);
    }

    [Test]
    public void Consent_is_asked_for_on_a_stream_and_runs_out_when_the_peer_is_silent()
    {
        var pair = new TcpPair().Connected();
        var sent = pair.A.Sent.Count;
        pair.Drive(60);
        Assert.That(pair.A.Sent.Count - sent, Is.InRange(20, 40), "a check of each side every 4 to 6 s, and an answer to each");
        pair.IsDead = true;
        var since = pair.Now;
        Assert.That(pair.Drive(() => pair.A.Agent.State == IceAgentState.Failed && pair.B.Agent.State == IceAgentState.Failed));
        Assert.That(pair.Now - since, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(30)));
    }

    [TestCase(IceTcpType.Active, IceTcpType.Passive)]
    [TestCase(IceTcpType.Passive, IceTcpType.Active)]
    public void A_connection_that_ends_is_made_anew_and_both_sides_use_it(IceTcpType controlling, IceTcpType controlled)
    {
        var pair = new TcpPair(controlling, controlled).Connected();
        pair.Drive(7);
        var before = pair.A.Agent.GetSelectedPair()!.Path;
        pair.Reset();
        Assert.That(pair.Drive(() => pair.A.Agent.State == IceAgentState.Disconnected || pair.B.Agent.State == IceAgentState.Disconnected, seconds: 1));
        Assert.That(pair.Drive(() => IsConnected(pair.A) && IsConnected(pair.B) && PathsMatch(pair), seconds: 2));
        Assert.That(pair.Attempts, Is.EqualTo(2));
        pair.Drive(60);
        Assert.That(IsConnected(pair.A) && IsConnected(pair.B));
        Assert.That(before.Protocol, Is.EqualTo(TransportProtocol.Tcp));
    }

    [Test]
    public void A_connection_that_cannot_be_made_anew_fails()
    {
        var pair = new TcpPair().Connected();
        pair.Drive(5);
        pair.Refuses = true;
        pair.Reset();
        Assert.That(pair.Drive(() => pair.A.Agent.State == IceAgentState.Failed, seconds: 1), "the active side is told");
        Assert.That(pair.Drive(() => pair.B.Agent.State == IceAgentState.Failed, seconds: 31), "the passive side waits for as long as consent lasts");
        Assert.That(pair.Attempts, Is.EqualTo(2));
    }

    [TestCase(IceTcpType.Active, IceTcpType.Passive)]
    [TestCase(IceTcpType.Passive, IceTcpType.Active)]
    public void An_address_that_goes_takes_its_connections_along_and_another_one_carries_on(IceTcpType controlling, IceTcpType controlled)
    {
        var pair = new TcpPair(controlling, controlled).Connected();
        pair.Drive(7);
        var active = controlling == IceTcpType.Active ? pair.A : pair.B;
        var local = TransportAddress.Parse("10.0.0.77", IceTcpStreams.ActivePort);
        active.Agent.Tcp.RemoveHost(active.TcpHost, pair.Now);
        Assert.That(active.Agent.TryGetSelectedPath(out _), Is.False);
        Assert.That(active.Agent.GetLocalCandidates().Select(c => c.Protocol), Is.All.EqualTo(TransportProtocol.Udp));
        pair.Drive(1);
        Assert.That(pair.OpenStreams, Is.Zero);
        active.Agent.Tcp.AddHost(new IceTcpHost(local, IceTcpType.Active), hostName: null, pair.Now);
        Assert.That(pair.Drive(() => IsConnected(pair.A) && IsConnected(pair.B) && PathsMatch(pair) && pair.BothNominated, seconds: 5));
        Assert.That(active.Agent.GetSelectedPair()!.Path.Local, Is.EqualTo(local));
        pair.Drive(60);
        Assert.That(IsConnected(pair.A) && IsConnected(pair.B) && pair.A.States.Concat(pair.B.States).All(s => s != IceAgentState.Failed));
    }

    [Test]
    public void A_host_that_is_known_or_cannot_be_used_is_not_added()
    {
        var pair = new TcpPair().Connected();
        var before = pair.A.Agent.GetLocalCandidates().Count;
        pair.A.Agent.Tcp.AddHost(pair.A.TcpHost, null, pair.Now);
        pair.A.Agent.Tcp.AddHost(new IceTcpHost(default, IceTcpType.Active), null, pair.Now);
        pair.A.Agent.Tcp.AddHost(new IceTcpHost(TcpPair.AddressA.WithPort(77), IceTcpType.SimultaneousOpen), null, pair.Now);
        pair.A.Agent.Tcp.RemoveHost(new IceTcpHost(TcpPair.AddressA.WithPort(77), IceTcpType.Passive), pair.Now);
        Assert.That(pair.A.Agent.GetLocalCandidates(), Has.Count.EqualTo(before));
        pair.A.Agent.Close(pair.Now);
        pair.A.Agent.Tcp.AddHost(new IceTcpHost(TcpPair.AddressA.WithPort(77), IceTcpType.Passive), null, pair.Now);
        pair.A.Agent.Tcp.RemoveHost(pair.A.TcpHost, pair.Now);
        Assert.That(pair.A.Agent.GetLocalCandidates(), Has.Count.EqualTo(before));
    }

    [Test]
    public void A_connection_that_failed_is_tried_again_when_the_path_in_use_falls_silent()
    {
        var pair = new TcpPair { PassesUdp = true, Refuses = true }.Signal();
        Assert.That(pair.Drive(() => pair.BothNominated));
        pair.Drive(20);
        Assert.That(pair.A.Agent.GetSelectedPair()!.Path.Protocol, Is.EqualTo(TransportProtocol.Udp));
        (pair.PassesUdp, pair.Refuses) = (false, false);
        Assert.That(pair.Drive(() => IsConnected(pair.A) && IsConnected(pair.B) && pair.A.Agent.GetSelectedPair()?.Path.Protocol == TransportProtocol.Tcp, seconds: 20));
        Assert.That(pair.A.States.Concat(pair.B.States), Has.None.EqualTo(IceAgentState.Failed));
    }

    [Test]
    public void A_restart_goes_on_over_the_connection_that_there_is()
    {
        var pair = new TcpPair().Connected();
        pair.Restart();
        Assert.That(pair.Drive(() => pair.BothNominated && pair.A.Agent.State == IceAgentState.Completed, seconds: 60));
        Assert.That((pair.Attempts, pair.OpenStreams), Is.EqualTo((1, 1)));
    }

    [Test]
    public void A_lite_agent_is_passive_only()
    {
        var pair = new TcpPair(optionsB: new IceAgentOptions { IsLite = true });
        pair.A.Agent.SetRemoteIsLite(true);
        pair.Connected();
        Assert.That(pair.B.Agent.GetSelectedPair()!.Path.Protocol, Is.EqualTo(TransportProtocol.Tcp));
        var active = new TcpPair(IceTcpType.Passive, IceTcpType.Active, optionsB: new IceAgentOptions { IsLite = true }).Signal();
        active.Drive(0);
        Assert.That(active.B.Gathered.Select(c => c.Protocol), Is.All.EqualTo(TransportProtocol.Udp));
    }

    [Test]
    public void The_peer_has_a_bounded_number_of_connections()
    {
        var pair = new TcpPair().Connected();
        var accepted = 0;
        for (var port = 1; port <= 2 * IceTcpStreams.MaxStreams; port++)
        {
            accepted += pair.B.Agent.Tcp.OnAccepted(new NetworkPath(pair.B.TcpHost.Address, TcpPair.AddressA.WithPort(port), TransportProtocol.Tcp)) ? 1 : 0;
        }

        Assert.That(accepted, Is.EqualTo(IceTcpStreams.MaxStreams - 1));
    }

    [Test]
    public void Closing_closes_the_connections()
    {
        var pair = new TcpPair().Connected();
        pair.A.Agent.Close(pair.Now);
        Assert.That(pair.Drive(() => pair.OpenStreams == 0 && pair.B.Agent.State == IceAgentState.Disconnected, seconds: 1));
    }

    [Test]
    public void Relay_only_has_no_TCP_candidates()
    {
        var pair = new TcpPair();
        pair.A.Agent.StartGathering(pair.A.Gathering with { IsRelayOnly = true }, pair.Now);
        pair.Drive(0);
        Assert.That(pair.A.Gathered, Is.Empty);
    }

    private static IceCandidatePairSnapshot? TcpPairOf(TcpPair.End end) => end.Agent.GetCandidatePairs().FirstOrDefault(p => p.Path.Protocol == TransportProtocol.Tcp);

    private static bool IsConnected(TcpPair.End end) => end.Agent.State is IceAgentState.Connected or IceAgentState.Completed;

    private static bool PathsMatch(TcpPair pair)
    {
        var (a, b) = (pair.A.Agent.GetSelectedPair()!, pair.B.Agent.GetSelectedPair()!);
        return a.IsNominated && b.IsNominated && a.Path.Local.HasSameAddress(b.Path.Remote) && a.Path.Remote.HasSameAddress(b.Path.Local) && pair.OpenStreams == 1;
    }
}
