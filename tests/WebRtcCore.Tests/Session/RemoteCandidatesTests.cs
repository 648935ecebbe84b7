using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Session;
using WebRtcCore.Testing;
using CoreCandidate = WebRtcCore.Ice.IceCandidate;

namespace WebRtcCore.Tests.Session;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RemoteCandidatesTests : IDisposable
{
    private const string Name = "1f4712db-ea17-4bcf-a596-105139dfd8bf.local";
    private static readonly TransportAddress Address = TransportAddress.Parse("192.0.2.7", 0);
    private readonly IceAgent _agent = new(new IceAgentOptions(), new SeededRandomSource(1));
    private readonly RemoteCandidates _remotes;

    public RemoteCandidatesTests()
    {
        _remotes = new RemoteCandidates(_agent);
        _remotes.Begin("abcd");
    }

    private static Instant Now => Instant.Zero + TimeSpan.FromMinutes(1);

    public void Dispose() => _agent.Dispose();

    [Test]
    public void A_candidate_with_a_name_comes_to_the_agent_when_the_name_is_resolved()
    {
        _remotes.Add(Candidate(Name, 4000), Now);
        _remotes.Add(Candidate(Name.ToUpperInvariant(), 4001), Now);
        Assert.That(Requests(), Is.EqualTo(new[] { Name }));
        Assert.That(_agent.GetRemoteCandidates(), Is.Empty);
        _remotes.OnResolved(Name, Address, Now);
        Assert.That(_agent.GetRemoteCandidates().Select(c => c.Address), Is.EqualTo(new[] { Address.WithPort(4000), Address.WithPort(4001) }));
        _remotes.Add(Candidate(Name, 4002), Now);
        Assert.That(Requests(), Is.Empty, "it is known");
        Assert.That(_agent.GetRemoteCandidates(), Has.Count.EqualTo(3));
    }

    [Test]
    public void What_a_name_stands_for_is_not_shown()
    {
        _remotes.Add(Candidate(Name, 4000), Now);
        _remotes.OnResolved(Name, Address, Now);
        Assert.That(_agent.GetRemoteCandidates().Single().ToString(), Does.Contain(Name).And.Not.Contain("192.0.2.7"));
    }

    [Test]
    public void A_name_that_is_not_found_is_ignored_and_not_asked_for_again()
    {
        _remotes.Add(Candidate(Name, 4000), Now);
        _ = Requests();
        _remotes.OnResolved(Name, default, Now);
        _remotes.Add(Candidate(Name, 4001), Now);
        Assert.That(Requests(), Is.Empty);
        Assert.That(_agent.GetRemoteCandidates(), Is.Empty);
    }

    [TestCase("stun.example.org")]
    [TestCase("a.b.local")]
    [TestCase("localhost")]
    public void Other_names_are_never_looked_up(string name)
    {
        _remotes.Add(Candidate(name, 4000), Now);
        Assert.That(Requests(), Is.Empty);
        Assert.That(_agent.GetRemoteCandidates(), Is.Empty);
    }

    [Test]
    public void The_end_of_candidates_waits_for_names()
    {
        _agent.StartGathering([TransportAddress.Parse("192.0.2.1", 5000)], [], Now);
        _agent.SetRemoteCredentials(new IceCredentials("abcd", "0123456789012345678901"), Now);
        _remotes.Add(Candidate(Name, 4000), Now);
        _remotes.End(Now);
        var later = Now;
        while (_agent.NextTimeout is { } next && next < Now + TimeSpan.FromSeconds(6))
        {
            later = next;
            _agent.HandleTimeout(next);
        }

        Assert.That(_agent.State, Is.EqualTo(IceAgentState.Checking), "more may come");
        _remotes.OnResolved(Name, default, later);
        while (_agent.State == IceAgentState.Checking && _agent.NextTimeout is { } next)
        {
            _agent.HandleTimeout(next);
        }

        Assert.That(_agent.State, Is.EqualTo(IceAgentState.Failed), "there are none and no more to come");
    }

    [Test]
    public void A_new_generation_begins_anew()
    {
        _remotes.Add(Candidate(Name, 4000), Now);
        _ = Requests();
        _remotes.Begin("efgh");
        _remotes.OnResolved(Name, Address, Now);
        Assert.That(_agent.GetRemoteCandidates(), Is.Empty, "an answer for the old generation");
        _remotes.Add(Candidate(Name, 4001), Now);
        Assert.That(Requests(), Is.EqualTo(new[] { Name }));
    }

    [Test]
    public void Names_and_candidates_that_wait_are_bounded()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _remotes.Add(Candidate($"n{i}.local", 4000), Now);
            _remotes.Add(Candidate("n0.local", 4000 + i), Now);
        }

        Assert.That(Requests(), Has.Length.EqualTo(RemoteCandidates.MaxNames));
        _remotes.OnResolved("n0.local", Address, Now);
        Assert.That(_agent.GetRemoteCandidates(), Has.Count.LessThanOrEqualTo(RemoteCandidates.MaxWaiting));
    }

    private static CoreCandidate Candidate(string host, int port) =>
        CoreCandidate.TryParse($"candidate:1 1 udp 2122262783 {host} {port} typ host generation 0", out var candidate) ? candidate : throw new ArgumentException(host);

    private string[] Requests()
    {
        var requests = new List<string>();
        while (_remotes.TryPollRequest(out var name))
        {
            requests.Add(name);
        }

        return [.. requests];
    }
}
