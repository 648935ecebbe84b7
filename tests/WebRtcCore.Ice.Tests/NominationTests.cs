using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class NominationTests
{
    private static readonly TransportAddress Other = TransportAddress.Parse("10.0.0.3", 6000);

    [Test]
    public void The_controlling_agent_nominates_a_direct_pair_at_once()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote, 100), bench.Now);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Other, 200, "g"), bench.Now);
        var first = bench.Poll().Single();
        Assert.That(first.Path.Remote, Is.EqualTo(Bench.Remote));
        Assert.That(first.IsNominating, Is.False);
        bench.Receive(Bench.Answer(first));
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Connected), "data may flow before nomination");
        var nomination = bench.Poll().Single();
        Assert.That(nomination.IsNominating, Is.True);
        bench.Receive(Bench.Answer(nomination));
        Assert.That(bench.Agent.GetSelectedPair()!.IsNominated, Is.True);
        Assert.That(bench.Run(TimeSpan.FromSeconds(1)), Is.Empty, "who has decided checks nothing else");
    }

    [Test]
    public void The_controlling_agent_waits_a_little_for_a_better_pair_than_a_reflexive_one()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote, 100, "s", IceCandidateType.ServerReflexive), bench.Now);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Other, 200, "h"), bench.Now);
        bench.Receive(Bench.Answer(bench.Poll().Single()));
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Connected));
        var early = bench.Run(TimeSpan.FromMilliseconds(249));
        Assert.That(early.Exists(s => s.IsNominating), Is.False);
        var late = bench.Run(TimeSpan.FromMilliseconds(1));
        Assert.That(late.Single(s => s.IsNominating).Path.Remote, Is.EqualTo(Bench.Remote));
    }

    [Test]
    public void The_better_pair_is_nominated_if_it_works_within_that_time()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote, 100, "s", IceCandidateType.ServerReflexive), bench.Now);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Other, 200, "h"), bench.Now);
        bench.Receive(Bench.Answer(bench.Poll().Single()));
        var second = bench.Run(TimeSpan.FromMilliseconds(20)).Single();
        bench.Receive(Bench.Answer(second), second.Path);
        var nomination = bench.Poll().Single();
        Assert.That(nomination.IsNominating, Is.True);
        Assert.That(nomination.Path.Remote, Is.EqualTo(Other));
    }

    [Test]
    public void A_nomination_that_fails_gives_way_to_the_next_pair()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote, 200), bench.Now);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Other, 100, "g"), bench.Now);
        var first = bench.Poll().Single();
        bench.Receive(Bench.Answer(first));
        var second = bench.Run(TimeSpan.FromMilliseconds(20)).Single(s => s.Path.Remote == Other);
        bench.Receive(Bench.Answer(second), second.Path);
        var sent = bench.Run(TimeSpan.FromSeconds(17));
        Assert.That(sent.Exists(s => s.IsNominating && s.Path.Remote == Other), Is.True);
    }

    [Test]
    public void The_controlled_agent_selects_what_the_peer_nominates()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Connect();
        Assert.That(bench.Agent.GetSelectedPair()!.IsNominated, Is.False);
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true));
        Assert.That(bench.Agent.GetSelectedPair()!.IsNominated, Is.True);
    }

    [Test]
    public void A_nomination_that_comes_before_the_pair_works_counts_once_it_does()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true));
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Checking));
        bench.AnswerAll();
        Assert.That(bench.Agent.GetSelectedPair()!.IsNominated, Is.True);
    }

    [Test]
    public void Of_a_peer_that_nominates_every_pair_the_best_one_counts()
    {
        var bench = new Bench(IceRole.Controlled);
        var worse = new NetworkPath(Bench.Local, Other);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote, 200), bench.Now);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Other, 100, "g"), bench.Now);
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true), worse);
        bench.AnswerAll();
        bench.Agent.TryGetSelectedPath(out var path);
        Assert.That(path, Is.EqualTo(bench.Path).Or.EqualTo(worse));
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true));
        bench.AnswerAll();
        bench.Agent.TryGetSelectedPath(out path);
        Assert.That(path, Is.EqualTo(bench.Path));
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true), worse);
        bench.AnswerAll();
        bench.Agent.TryGetSelectedPath(out path);
        Assert.That(path, Is.EqualTo(bench.Path), "a later nomination of a worse pair changes nothing");
    }

    [Test]
    public void A_path_that_the_peer_takes_up_after_its_nomination_is_checked_and_valid()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Connect();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Other, 100, "g"), bench.Now);
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true));
        bench.Run(TimeSpan.FromSeconds(1));

        var path = new NetworkPath(Bench.Local, Other);
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true), path);

        Assert.That(bench.Agent.IsValidatedPath(path), Is.True);
        Assert.That(bench.Run(TimeSpan.FromSeconds(1)).Exists(s => s.Class == StunClass.Request && s.Path == path), Is.True);
        Assert.That(bench.Agent.IsValidatedPath(path), Is.True);
    }

    [Test]
    public void A_nominated_pair_stays_ahead_of_a_better_one_that_is_not_nominated()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote, 100), bench.Now);
        bench.AnswerAll();
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true));
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Other, 200, "g"), bench.Now);
        var check = bench.Run(TimeSpan.FromMilliseconds(20)).Last(s => s.Class == StunClass.Request);
        Assert.That(check.Path.Remote, Is.EqualTo(Other), "it is still checked, for the peer may nominate it");
        bench.Receive(Bench.Answer(check), check.Path);
        bench.Agent.TryGetSelectedPath(out var path);
        Assert.That(path, Is.EqualTo(bench.Path));
    }

    [Test]
    public void When_the_nominated_pair_dies_another_one_the_peer_is_alive_on_is_nominated()
    {
        var bench = new Bench();
        bench.Connect();
        bench.Run(TimeSpan.FromSeconds(12));
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Disconnected));

        // The peer's NAT was rebooted: the same peer, from another port.
        var path = new NetworkPath(Bench.Local, Bench.Remote.WithPort(7777));
        bench.Receive(bench.Request(), path);
        while (bench.AnswerAll() > 0)
        {
        }

        Assert.That(bench.Agent.TryGetSelectedPath(out var selected), Is.True);
        Assert.That(selected, Is.EqualTo(path));
        Assert.That(bench.Agent.GetSelectedPair()!.IsNominated, Is.True);
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Connected));
    }
}
