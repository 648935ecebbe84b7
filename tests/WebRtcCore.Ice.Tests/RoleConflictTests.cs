using WebRtcCore.Stun;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class RoleConflictTests
{
    [TestCase(IceRole.Controlling, 0.0)]
    [TestCase(IceRole.Controlled, 0.0)]
    [TestCase(IceRole.Controlling, 0.2)]
    [TestCase(IceRole.Controlled, 0.2)]
    [TestCase(IceRole.Controlling, 0.5)]
    [TestCase(IceRole.Controlled, 0.5)]
    public void Security_6_two_agents_of_one_role_converge_with_one_switch(IceRole role, double loss)
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var pair = new IcePair(seed, new LinkConditions { LossRate = loss, Delay = TimeSpan.FromMilliseconds(10) }, roleA: role, roleB: role).Place().Signal();
            Assert.That(pair.Drive(() => pair.BothNominated, 40), Is.True, $"seed {seed}");
            Assert.That(pair.A.Agent.Role, Is.Not.EqualTo(pair.B.Agent.Role));
            var switches = pair.A.Events.Concat(pair.B.Events).Count(e => e.Kind == IceEventKind.RoleChanged);
            Assert.That(switches, Is.EqualTo(1), $"seed {seed}");
        }
    }

    [TestCase(IceRole.Controlling, 0UL, IceRole.Controlling, true)]
    [TestCase(IceRole.Controlling, ulong.MaxValue, IceRole.Controlled, false)]
    [TestCase(IceRole.Controlled, 0UL, IceRole.Controlling, false)]
    [TestCase(IceRole.Controlled, ulong.MaxValue, IceRole.Controlled, true)]
    public void The_larger_tie_breaker_becomes_controlling(IceRole role, ulong theirs, IceRole result, bool isRefused)
    {
        var bench = new Bench(role);
        bench.Receive(bench.Request(role, tieBreaker: theirs));
        var answer = bench.Poll().First();
        Assert.That(answer.Error, Is.EqualTo(isRefused ? StunErrorCode.RoleConflict : null));
        Assert.That(bench.Agent.Role, Is.EqualTo(result));
    }

    [Test]
    public void A_487_answer_switches_the_role_once_and_the_pair_is_checked_again()
    {
        var bench = new Bench();
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        var check = bench.Poll().Single();
        bench.Receive(Bench.Answer(check, error: StunErrorCode.RoleConflict));
        Assert.That(bench.Agent.Role, Is.EqualTo(IceRole.Controlled));
        var again = bench.Poll().Single();
        Assert.That(again.View.TryGetUInt64(StunAttributeType.IceControlled, out var second), Is.True);
        Assert.That(check.View.TryGetUInt64(StunAttributeType.IceControlling, out var first) && first != second, Is.True, "RFC 8445 7.2.5.1: another tie-breaker");
        bench.Receive(Bench.Answer(check, error: StunErrorCode.RoleConflict));
        Assert.That(bench.Agent.Role, Is.EqualTo(IceRole.Controlled), "the answer came twice");
    }

    [Test]
    public void The_role_is_fixed_once_checks_have_begun()
    {
        var bench = new Bench(hasCredentials: false);
        bench.Agent.SetRole(IceRole.Controlled);
        Assert.That(bench.Agent.Role, Is.EqualTo(IceRole.Controlled));
        bench.Agent.SetRemoteCredentials(Bench.PeerCredentials, bench.Now);
        Assert.That(() => bench.Agent.SetRole(IceRole.Controlling), Throws.InvalidOperationException);
    }
}
