using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class RestartTests
{
    [TestCase(true, 0.0)]
    [TestCase(false, 0.0)]
    [TestCase(true, 0.2)]
    [TestCase(false, 0.2)]
    public void Either_side_restarts_and_data_never_stops(bool isByA, double loss)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var pair = IcePair.Connected(seed);
            pair.Drive(TimeSpan.FromSeconds(5));
            pair.Network.Conditions = new LinkConditions { LossRate = loss, Delay = TimeSpan.FromMilliseconds(20) };
            var (by, other) = isByA ? (pair.A, pair.B) : (pair.B, pair.A);
            var before = by.Agent.LocalCredentials;
            by.Gathered.Clear();
            var isUninterrupted = true;
            by.Agent.Restart(pair.Now);
            Assert.That(by.Agent.LocalCredentials, Is.Not.EqualTo(before));
            Assert.That(by.Agent.RemoteCredentials, Is.Null);

            // The offer takes a while, and so does the answer.
            pair.Drive(() => { isUninterrupted &= pair.PathsMatch; return false; }, 0.3);
            Assert.That(by.Gathered, Has.Count.EqualTo(1), "gathered again");
            var otherBefore = other.Agent.LocalCredentials;
            other.Agent.SetRemoteCredentials(by.Agent.LocalCredentials, pair.Now);
            Assert.That(other.Agent.LocalCredentials, Is.Not.EqualTo(otherBefore), "a restart by the peer is one here too");
            pair.Drive(() => { isUninterrupted &= pair.PathsMatch; return false; }, 0.3);
            by.Agent.SetRemoteCredentials(other.Agent.LocalCredentials, pair.Now);
            by.Gathered.ForEach(c => other.Agent.AddRemoteCandidate(c, pair.Now));
            other.Gathered.ForEach(c => by.Agent.AddRemoteCandidate(c with { UsernameFragment = null }, pair.Now));
            Assert.That(
                pair.Drive(
                    () =>
                    {
                        isUninterrupted &= pair.PathsMatch;
                        return pair.BothNominated && IsNew(pair.A) && IsNew(pair.B);
                    },
                    30),
                Is.True,
                $"seed {seed}");
            Assert.That(isUninterrupted, Is.True);
            Assert.That(pair.A.States, Does.Not.Contain(IceAgentState.Failed).And.Not.Contains(IceAgentState.Disconnected));
        }
    }

    [Test]
    public void Security_8_the_old_fragment_is_answered_until_the_new_generation_has_taken_over_and_then_dropped()
    {
        var bench = new Bench();
        bench.Connect();
        var old = bench.Request();
        bench.Agent.Restart(bench.Now);
        bench.Poll();
        bench.Receive(old);
        Assert.That(bench.Poll().Single().Class, Is.EqualTo(StunClass.SuccessResponse));

        var credentials = new IceCredentials("next", "nextpasswordnextpassword");
        bench.Agent.SetRemoteCredentials(credentials, bench.Now);
        bench.Agent.AddRemoteCandidate(Bench.Candidate(Bench.Remote), bench.Now);
        for (var round = 0; round < 2; round++)
        {
            foreach (var check in bench.Poll())
            {
                bench.Receive(Bench.Answer(check, password: credentials.Password));
            }
        }

        Assert.That(bench.Agent.GetSelectedPair()!.IsNominated, Is.True);
        bench.Receive(old);
        Assert.That(bench.Poll(), Is.Empty);
        Assert.That(bench.Agent.GetDroppedCount(IceDropReason.UnknownUsername), Is.EqualTo(1));
    }

    [Test]
    public void An_agent_that_failed_is_revived_by_a_restart()
    {
        var pair = IcePair.Connected();
        pair.Network.Conditions = new LinkConditions { IsDown = true };
        pair.Drive(TimeSpan.FromSeconds(60));
        Assert.That(pair.A.Agent.State, Is.EqualTo(IceAgentState.Failed));
        pair.Network.Conditions = LinkConditions.Good;
        pair.A.Agent.Restart(pair.Now);
        Assert.That(pair.A.Agent.State, Is.EqualTo(IceAgentState.Checking));
        pair.B.Agent.SetRemoteCredentials(pair.A.Agent.LocalCredentials, pair.Now);
        pair.A.Agent.SetRemoteCredentials(pair.B.Agent.LocalCredentials, pair.Now);
        Assert.That(pair.Drive(() => pair.BothNominated), Is.True);
    }

    [Test]
    public void A_restart_that_is_never_answered_leaves_the_old_path_working()
    {
        var pair = IcePair.Connected();
        pair.A.Agent.Restart(pair.Now);
        pair.Drive(TimeSpan.FromMinutes(10));
        Assert.That(pair.BothConnected && pair.PathsMatch, Is.True);
    }

    [Test]
    public void A_restart_can_be_undone_until_it_is_answered()
    {
        var pair = IcePair.Connected();
        var before = pair.A.Agent.LocalCredentials;
        pair.A.Agent.Restart(pair.Now);
        pair.Drive(TimeSpan.FromSeconds(1));
        Assert.That(pair.A.Agent.TryUndoRestart(pair.Now), Is.True);
        Assert.That(pair.A.Agent.LocalCredentials, Is.EqualTo(before));
        Assert.That(pair.A.Agent.TryUndoRestart(pair.Now), Is.False);
        pair.Drive(TimeSpan.FromMinutes(2));
        Assert.That(pair.BothNominated && pair.BothConnected, Is.True);
    }

    [Test]
    public void Credentials_that_were_signalled_before_are_used()
    {
        var bench = new Bench();
        var chosen = new IceCredentials("mine", "minepasswordminepassword");
        bench.Agent.Restart(chosen, bench.Now);
        Assert.That(bench.Agent.LocalCredentials, Is.EqualTo(chosen));
        Assert.That(() => bench.Agent.Restart(new IceCredentials("x", "y"), bench.Now), Throws.ArgumentException);
    }

    [Test]
    public void The_same_remote_credentials_again_are_no_restart()
    {
        var bench = new Bench();
        var local = bench.Agent.LocalCredentials;
        bench.Agent.SetRemoteCredentials(Bench.PeerCredentials with { }, bench.Now);
        Assert.That(bench.Agent.LocalCredentials, Is.EqualTo(local));
    }

    [Test]
    public void A_browser_that_restarts_checks_from_new_sockets_before_signalling_tells()
    {
        // As Chromium does: our fragment as it knows it, its own new one, a new port.
        var bench = new Bench();
        bench.Connect();
        var path = new NetworkPath(Bench.Local, Bench.Remote.WithPort(7777));
        bench.Receive(bench.Request(username: $"{bench.Agent.LocalCredentials.UsernameFragment}:new1"), path);
        Assert.That(bench.Poll().Single().Class, Is.EqualTo(StunClass.SuccessResponse), "answered, and no check back");
        Assert.That(bench.Agent.IsValidatedPath(path), Is.True);
        bench.Agent.TryGetSelectedPath(out var selected);
        Assert.That(selected, Is.EqualTo(bench.Path));
    }

    private static bool IsNew(IcePeer peer) => peer.Agent.GetSelectedPair() is { } selected
        && peer.Agent.GetCandidatePairs().Any(p => p.IsSelected && p.Id == selected.Id)
        && peer.Agent.RemoteCredentials is not null;
}
