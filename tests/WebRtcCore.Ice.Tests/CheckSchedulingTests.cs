using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice.Tests;

/// <summary>When checks go out: pacing, retransmission, triggered checks.</summary>
[TestFixture]
public class CheckSchedulingTests
{
    [Test]
    public void The_first_check_goes_out_at_once_and_the_others_follow_every_20_ms()
    {
        var bench = new Bench();
        for (var i = 0; i < 4; i++)
        {
            bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote.WithPort(6000 + i), foundation: $"f{i}"), bench.Now);
        }

        Assert.That(bench.Poll(), Has.Count.EqualTo(1));
        Assert.That(bench.Run(TimeSpan.FromMilliseconds(19)), Is.Empty);
        Assert.That(bench.Run(TimeSpan.FromMilliseconds(1)), Has.Count.EqualTo(1));
        Assert.That(bench.Run(TimeSpan.FromMilliseconds(40)), Has.Count.EqualTo(2));
    }

    [Test]
    public void A_check_after_a_pause_goes_out_at_once_again()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        bench.AnswerAll();
        bench.Run(TimeSpan.FromMilliseconds(50));
        var role = new Bench(IceRole.Controlled);
        role.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), role.Now);
        role.Poll();
        role.Run(TimeSpan.FromMilliseconds(50));
        role.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote.WithPort(1), foundation: "g"), role.Now);
        Assert.That(role.Poll(), Has.Count.EqualTo(1));
    }

    [Test]
    public void An_unanswered_check_is_repeated_after_100_200_400_800_ms_then_every_second()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        var start = bench.Now;
        var id = bench.Poll().Single().Id;
        var times = new List<double>();
        while (times.Count < 15)
        {
            var sent = bench.Run(bench.Agent.NextTimeout!.Value - bench.Now);
            foreach (var request in sent)
            {
                Assert.That(request.Id, Is.EqualTo(id), "a retransmission is the same request");
                times.Add((bench.Now - start).TotalMilliseconds);
            }
        }

        Assert.That(times.Take(7), Is.EqualTo(new double[] { 100, 300, 700, 1500, 2500, 3500, 4500 }));
    }

    [Test]
    public void Checks_go_on_until_the_agent_fails()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        var start = bench.Now;
        var last = start;
        while (bench.Agent.State == IceAgentState.Checking)
        {
            if (bench.Run(bench.Agent.NextTimeout!.Value - bench.Now).Count > 0)
            {
                last = bench.Now;
            }
        }

        Assert.That((bench.Agent.State, bench.Agent.FailureReason), Is.EqualTo((IceAgentState.Failed, IceFailureReason.NoAnswer)));
        Assert.That((bench.Now - start).TotalSeconds, Is.EqualTo(39.5).Within(0.01), "RFC 8863");
        Assert.That((last - start).TotalSeconds, Is.GreaterThan(38), "a pair is checked to the end");
        Assert.That(bench.Run(TimeSpan.FromMinutes(1)), Is.Empty, "and then no more");
    }

    [Test]
    public void Pairs_of_a_foundation_do_not_wait_for_ever_for_the_first_one()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote, foundation: "same"), bench.Now);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote.WithPort(7000), 5, "same"), bench.Now);
        var sent = bench.Run(TimeSpan.FromSeconds(15));
        Assert.That(sent.Exists(s => s.Path.Remote.Port == 7000), Is.True);
    }

    [Test]
    public void Once_a_pair_works_the_others_are_given_up()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote, 5), bench.Now);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote.WithPort(7000)), bench.Now);
        for (var i = 0; i < 20; i++)
        {
            bench.Receive(bench.Request(IceRole.Controlling, isNominating: true));
            bench.AnswerAll(s => s.Path.Remote == Bench.Remote);
            bench.Run(TimeSpan.FromSeconds(1));
        }

        Assert.That(bench.Agent.GetCandidatePairs().Single(p => p.Path.Remote.Port == 7000).State, Is.EqualTo(IceCandidatePairState.Failed));
    }

    [Test]
    public void Many_checks_under_way_are_repeated_more_slowly()
    {
        var bench = new Bench();
        for (var i = 0; i < 100; i++)
        {
            bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote.WithPort(6000 + i), foundation: $"f{i}"), bench.Now);
        }

        var sent = bench.Run(TimeSpan.FromSeconds(10));
        Assert.That(sent, Has.Count.LessThan(1000), "about one per 20 ms, first checks and repetitions together");
    }

    [Test]
    public void A_request_is_answered_and_triggers_a_check_at_once()
    {
        var bench = new Bench(IceRole.Controlled);
        bench.Receive(bench.Request(IceRole.Controlling));
        var sent = bench.Poll();
        Assert.That(sent.Select(s => s.Class), Is.EqualTo(new[] { StunClass.SuccessResponse, StunClass.Request }));
        Assert.That(sent.Select(s => s.Path), Is.All.EqualTo(bench.Path));
    }

    [Test]
    public void A_flood_of_requests_triggers_a_bounded_number_of_checks()
    {
        var bench = new Bench(IceRole.Controlled);
        var checks = 0;
        for (var i = 0; i < 1000; i++)
        {
            bench.Receive(bench.Request(IceRole.Controlling));
            checks += bench.Poll().Count(s => s.Class == StunClass.Request);
        }

        Assert.That(checks, Is.LessThanOrEqualTo(5));
    }

    [Test]
    public void A_failed_pair_is_checked_again_when_the_peer_checks_it()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        bench.Receive(Bench.Answer(bench.Poll().Single(), error: StunErrorCode.BadRequest));
        Assert.That(bench.Agent.GetCandidatePairs().Single().State, Is.EqualTo(IceCandidatePairState.Failed));
        bench.Receive(bench.Request());
        Assert.That(bench.AnswerAll(), Is.EqualTo(1));
        Assert.That(bench.Agent.State, Is.EqualTo(IceAgentState.Connected));
    }

    [Test]
    public void Checks_carry_exactly_the_attributes_of_rfc8445()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        var check = bench.Poll().Single();
        var types = new List<StunAttributeType>();
        foreach (var attribute in check.View.Attributes)
        {
            types.Add(attribute.Type);
        }

        Assert.That(types, Is.EqualTo(new[] { StunAttributeType.Username, StunAttributeType.IceControlling, StunAttributeType.Priority }));
        Assert.That(check.View.TryGetAttribute(StunAttributeType.Username, out var username), Is.True);
        Assert.That(System.Text.Encoding.ASCII.GetString(username), Is.EqualTo($"peer:{bench.Agent.LocalCredentials.UsernameFragment}"));
        Assert.That(check.View.TryGetUInt32(StunAttributeType.Priority, out var priority), Is.True);
        Assert.That(priority, Is.EqualTo(CandidatePriority.ForCandidate(IceCandidateType.PeerReflexive, CandidatePriority.MaxLocalPreference)));
        using var key = StunIntegrityKey.FromPassword(Bench.PeerCredentials.Password);
        Assert.That(check.View.VerifyMessageIntegrity(key) && check.View.VerifyFingerprint(), Is.True);
    }

    [Test]
    public void Candidates_that_cannot_be_used_are_ignored()
    {
        var bench = new Bench();
        var usable = Bench.Candidate(Bench.Remote);
        IceCandidate[] others =
        [
            usable with { Component = 2 },
            usable with { Protocol = TransportProtocol.Tcp, TcpType = IceTcpType.Active },
            usable with { Address = default, HostName = "a.local", Port = 5 },
            usable with { Address = TransportAddress.Parse("0.0.0.0", 5) },
            usable with { Address = TransportAddress.Parse("224.0.0.1", 5) },
            usable with { Address = TransportAddress.Parse("255.255.255.255", 5) },
            usable with { Address = TransportAddress.Parse("ff02::1", 5) },
            usable with { Address = TransportAddress.Parse("10.0.0.9", 0) },
            usable with { UsernameFragment = "other" },
        ];
        Array.ForEach(others, c => bench.Agent.AddRemoteCandidate(c, bench.Now));
        Assert.That(bench.Agent.GetDroppedCount(IceDropReason.UnusableCandidate), Is.EqualTo(others.Length));
        bench.Agent.AddRemoteCandidate(usable with { Address = TransportAddress.Parse("2001:db8::1", 5) }, bench.Now);
        Assert.That(bench.Agent.GetCandidatePairs(), Is.Empty, "the other family has no socket");
        Assert.That(bench.Poll(), Is.Empty);
    }

    [Test]
    public void Link_local_candidates_get_the_scope_of_the_socket()
    {
        var local = TransportAddress.FromBytes([0xFE, 0x80, .. new byte[13], 1], 5000, 3);
        var bench = new Bench(IceRole.Controlling, null, true, local, TransportAddress.Parse("2001:db8::1", 5000));
        bench.Agent.AddRemoteCandidate(Bench.Candidate(TransportAddress.Parse("fe80::2", 6000)), bench.Now);
        var pair = bench.Agent.GetCandidatePairs().Single();
        Assert.That(pair.Path.Remote.ScopeId, Is.EqualTo(3));
        Assert.That(pair.Path.Local, Is.EqualTo(local));
    }
}
