using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class TrickleTests
{
    [Test]
    public void Candidates_that_come_before_the_credentials_are_kept()
    {
        var bench = new Bench(hasCredentials: false);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote.WithPort(9)) with { UsernameFragment = "old1" }, bench.Now);
        Assert.That(bench.Poll(), Is.Empty);
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.New));
        bench.Agent.SetRemoteCredentials(Bench.PeerCredentials, bench.Now);
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Checking));
        Assert.That(bench.Poll().Single().Path.Remote, Is.EqualTo(Bench.Remote));
        Assert.That(bench.Agent.GetCandidatePairs(), Has.Count.EqualTo(1), "the other one belongs to another generation");
    }

    [Test]
    public void Candidates_that_come_late_are_checked_at_once()
    {
        var bench = new Bench();
        bench.Run(TimeSpan.FromSeconds(20));
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        Assert.That(bench.Poll(), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_candidate_that_comes_twice_counts_once()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote, 5, "other"), bench.Now);
        Assert.That(bench.Agent.GetRemoteCandidates(), Has.Count.EqualTo(1));
    }

    [Test]
    public void Sockets_that_come_after_the_peers_candidates_are_paired_too()
    {
        var agent = new IceAgent(new IceAgentOptions(), new SeededRandomSource(1));
        agent.SetRemoteCredentials(Bench.PeerCredentials, VirtualClock.Start);
        agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), VirtualClock.Start);
        agent.StartGathering([Bench.Local], [], VirtualClock.Start);
        Assert.That(agent.TryPollTransmit(new byte[1200], out var transmit), Is.True);
        Assert.That(transmit.Path, Is.EqualTo(new NetworkPath(Bench.Local, Bench.Remote)));
    }

    [Test]
    public void A_check_that_comes_before_the_credentials_is_answered_and_repaid_later()
    {
        var bench = new Bench(IceRole.Controlled, hasCredentials: false);
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true));
        Assert.That(bench.Poll().Single().Class, Is.EqualTo(Stun.StunClass.SuccessResponse));
        Assert.That(bench.Agent.IsValidatedPath(bench.Path), Is.True);
        bench.Agent.SetRemoteCredentials(Bench.PeerCredentials, bench.Now);
        Assert.That(bench.AnswerAll(), Is.EqualTo(1));
        Assert.That(bench.Agent.GetSelectedPair()!.IsNominated, Is.True);
        Assert.That(bench.Agent.GetRemoteCandidates().Single().Type, Is.EqualTo(IceCandidateType.PeerReflexive));
    }

    [Test]
    public void One_side_that_signals_no_candidates_is_found_by_its_checks()
    {
        var pair = new IcePair().Place();
        pair.B.TrickleTo = pair.A;
        pair.A.Agent.SetRemoteCredentials(pair.B.Agent.LocalCredentials, pair.Now);
        pair.B.Agent.SetRemoteCredentials(pair.A.Agent.LocalCredentials, pair.Now);
        pair.A.Agent.StartGathering([IcePair.AddressA], [], pair.Now);
        pair.B.Agent.StartGathering([IcePair.AddressB], [], pair.Now);
        Assert.That(pair.Drive(() => pair.BothNominated), Is.True);
        var discovered = pair.B.Events.Single(e => e.Kind == IceEventKind.RemoteCandidateDiscovered).Candidate!;
        Assert.That(discovered.Type, Is.EqualTo(IceCandidateType.PeerReflexive));
        Assert.That(discovered.Address, Is.EqualTo(IcePair.AddressA));
        Assert.That(discovered.Priority, Is.EqualTo(CandidatePriority.ForCandidate(IceCandidateType.PeerReflexive, CandidatePriority.MaxLocalPreference)));
    }

    [Test]
    public void A_discovered_candidate_that_is_signalled_later_takes_its_name()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Receive(bench.Request(IceRole.Controlling));
        bench.AnswerAll();
        var signalled = Bench.Candidate(Bench.Remote, 77, "sig");
        bench.Agent.AddRemoteCandidate(signalled, bench.Now);
        Assert.That(bench.Agent.GetRemoteCandidates(), Is.EqualTo(new[] { signalled }));
        Assert.That(bench.Agent.GetSelectedPair()!.Remote, Is.SameAs(signalled));
        Assert.That(bench.Agent.GetCandidatePairs(), Has.Count.EqualTo(1));
    }

    [Test]
    public void A_peer_on_the_same_machine_may_answer_a_loopback_offer_from_its_interface()
    {
        // The offer has 127.0.0.1 only; the browser's checks come from the address of its interface.
        var loopback = TransportAddress.Parse("127.0.0.1", 5000);
        var bench = new Bench(IceRole.Controlled, null, true, loopback);
        var path = new NetworkPath(loopback, Bench.Remote);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(TransportAddress.Parse("2001:db8::5", 4)), bench.Now);
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true), path);
        bench.AnswerAll();
        Assert.That(bench.Agent.TryGetSelectedPath(out var selected), Is.True);
        Assert.That(selected, Is.EqualTo(path));
    }

    [Test]
    public void Fails_15_seconds_after_the_last_candidate_when_both_sides_have_no_more()
    {
        var bench = new Bench();
        bench.Agent.SetRemoteEndOfCandidates(bench.Now);
        bench.Run(TimeSpan.FromSeconds(14.9));
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Checking));
        bench.Run(TimeSpan.FromSeconds(0.2));
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Failed));
        Assert.That(bench.Agent.NextTimeout, Is.Null);
        Assert.That(bench.Poll(), Is.Empty);
    }

    [Test]
    public void Fails_late_while_candidates_may_still_come()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        bench.Run(TimeSpan.FromSeconds(39));
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Checking));
        bench.Run(TimeSpan.FromSeconds(1));
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Failed));
    }

    [Test]
    public void An_agent_without_the_peers_credentials_waits_for_ever()
    {
        var bench = new Bench(hasCredentials: false);
        Assert.That(bench.Run(TimeSpan.FromHours(1)), Is.Empty);
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.New));
    }
}
