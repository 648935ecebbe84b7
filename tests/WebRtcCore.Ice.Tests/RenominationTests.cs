using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice.Tests;

/// <summary>Numbered nominations, as libwebrtc speaks them.</summary>
[TestFixture]
public class RenominationTests
{
    private static readonly TransportAddress Other = TransportAddress.Parse("10.0.0.9", 6009);

    [Test]
    public void A_controlling_agent_numbers_its_nominations_if_the_peer_knows_that([Values] bool isKnown)
    {
        var bench = new Bench();
        bench.Agent.SetRemoteRenomination(isKnown);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        bench.AnswerAll();
        var nomination = bench.Poll().Single();
        Assert.That(nomination.IsNominating, Is.EqualTo(!isKnown), "USE-CANDIDATE or a number, not both");
        Assert.That(nomination.View.TryGetUInt32(StunAttributeType.Nomination, out var number) ? number : 0, Is.EqualTo(isKnown ? 1 : 0));
    }

    [Test]
    public void A_better_pair_that_comes_later_is_nominated_with_a_higher_number()
    {
        var bench = new Bench();
        bench.Agent.SetRemoteRenomination(true);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote, 1000), bench.Now);
        bench.AnswerAll();
        bench.AnswerAll();
        bench.Run(TimeSpan.FromSeconds(2));
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Other), bench.Now);
        bench.AnswerAll();
        var sent = bench.Poll();
        var nomination = sent.Single(s => s.View.HasAttribute(StunAttributeType.Nomination) && s.Path.Remote == Other);
        Assert.That(nomination.View.TryGetUInt32(StunAttributeType.Nomination, out var number) ? number : 0, Is.EqualTo(2));
        bench.Receive(Bench.Answer(nomination), nomination.Path);
        Assert.That(bench.Agent.GetSelectedPair()!.Path.Remote, Is.EqualTo(Other));
    }

    [Test]
    public void Two_better_pairs_at_once_do_not_make_the_connection_flap()
    {
        var bench = new Bench();
        bench.Agent.SetRemoteRenomination(true);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote, 1000), bench.Now);
        bench.AnswerAll();
        bench.AnswerAll();
        bench.Run(TimeSpan.FromMilliseconds(50));
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Other, 2000), bench.Now);
        bench.AnswerAll();
        Assert.That(bench.Run(TimeSpan.FromMilliseconds(900)).Exists(s => s.View.HasAttribute(StunAttributeType.Nomination)), Is.False, "not within a second of the last");
        Assert.That(bench.Run(TimeSpan.FromMilliseconds(200)).Exists(s => s.View.HasAttribute(StunAttributeType.Nomination) && s.Path.Remote == Other), Is.True);
    }

    [Test]
    public void The_nomination_with_the_highest_number_counts_whatever_the_priority()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Other, 5), bench.Now);
        Nominate(bench, Bench.Remote, 1);
        Assert.That(bench.Agent.GetSelectedPair()!.Path.Remote, Is.EqualTo(Bench.Remote));
        Nominate(bench, Other, 2);
        Assert.That(bench.Agent.GetSelectedPair()!.Path.Remote, Is.EqualTo(Other));
        Nominate(bench, Bench.Remote, 1);
        Assert.That(bench.Agent.GetSelectedPair()!.Path.Remote, Is.EqualTo(Other), "an old number comes late");
        Nominate(bench, Bench.Remote, 3);
        Assert.That(bench.Agent.GetSelectedPair()!.Path.Remote, Is.EqualTo(Bench.Remote));
    }

    [Test]
    public void Libwebrtcs_network_information_in_checks_is_tolerated()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true, more: box => box.AddUInt32(StunAttributeType.NetworkInfo, 0x0001_000A)));
        Assert.That(bench.Poll().Exists(s => s.Class == StunClass.SuccessResponse), Is.True);
    }

    [Test]
    public void A_pair_in_use_that_the_peer_may_have_left_is_asked_at_once()
    {
        var bench = new Bench();
        bench.Connect();
        bench.Run(TimeSpan.FromSeconds(1));
        bench.Receive(bench.Request(), new NetworkPath(Bench.Local, Other));
        Assert.That(bench.Poll().Exists(s => s.Class == StunClass.Request && s.Path.Remote == Bench.Remote), Is.True);
    }

    private static void Nominate(Bench bench, TransportAddress remote, uint number)
    {
        bench.Receive(bench.Request(IceRole.Controlling, more: box => box.AddUInt32(StunAttributeType.Nomination, number)), new NetworkPath(Bench.Local, remote));
        bench.AnswerAll();
        bench.Run(TimeSpan.FromMilliseconds(100));
        bench.AnswerAll();
    }
}
