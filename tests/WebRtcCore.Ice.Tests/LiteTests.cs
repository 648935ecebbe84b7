using WebRtcCore.Stun;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class LiteTests
{
    [TestCase(0.0)]
    [TestCase(0.2)]
    public void A_full_agent_connects_to_a_lite_one_and_stays(double loss)
    {
        var conditions = new LinkConditions { LossRate = loss, Delay = TimeSpan.FromMilliseconds(10) };
        for (var seed = 0; seed < 10; seed++)
        {
            var network = new VirtualNetwork(seed) { Conditions = conditions };
            var full = new IcePeer(IceRole.Controlled, seed);
            var lite = new IcePeer(IceRole.Controlling, seed + 100, new IceAgentOptions { IsLite = true });
            network.AddHost("full", full, IcePair.AddressA);
            network.AddHost("lite", lite, IcePair.AddressB);
            full.TrickleTo = lite;
            lite.TrickleTo = full;
            full.Agent.SetRemoteIsLite(true);
            Assert.That(full.Agent.Role, Is.EqualTo(IceRole.Controlling));
            Assert.That(lite.Agent.Role, Is.EqualTo(IceRole.Controlled));
            full.Agent.SetRemoteCredentials(lite.Agent.LocalCredentials, network.Now);
            lite.Agent.SetRemoteCredentials(full.Agent.LocalCredentials, network.Now);
            lite.Agent.StartGathering([IcePair.AddressB], [], network.Now);
            full.Agent.StartGathering([IcePair.AddressA], [], network.Now);
            Assert.That(network.RunUntil(() => full.HasNominated && lite.HasNominated, TimeSpan.FromSeconds(20)), Is.True);
            network.RunFor(TimeSpan.FromMinutes(5));
            Assert.That(full.IsConnected && lite.IsConnected, Is.True);
            network.Conditions = new LinkConditions { IsDown = true };
            network.RunFor(TimeSpan.FromSeconds(40));
            Assert.That(lite.Agent.State, Is.EqualTo(IceAgentState.Failed));
        }
    }

    [TestCase(0UL)]
    [TestCase(ulong.MaxValue)]
    public void A_lite_agent_stays_controlled_whatever_the_tie_breakers_say(ulong theirs)
    {
        var bench = new Bench(IceRole.Controlled, new IceAgentOptions { IsLite = true });
        bench.Receive(bench.Request(IceRole.Controlled, tieBreaker: theirs));
        Assert.That(bench.Poll().Single().Error, Is.EqualTo(StunErrorCode.RoleConflict));
        Assert.That(bench.Agent.Role, Is.EqualTo(IceRole.Controlled));
    }

    [Test]
    public void A_lite_agent_sends_no_checks()
    {
        var bench = new Bench(IceRole.Controlled, new IceAgentOptions { IsLite = true });
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        Assert.That(bench.Run(TimeSpan.FromSeconds(3)), Is.Empty);
        bench.Receive(bench.Request(IceRole.Controlling, isNominating: true));
        Assert.That(bench.Run(TimeSpan.FromSeconds(3)).Single().Class, Is.EqualTo(StunClass.SuccessResponse));
        Assert.That(bench.Agent.GetSelectedPair()!.IsNominated, Is.True);
    }
}
