using WebRtcCore.Tests.Transport;

namespace WebRtcCore.Tests.Connections;

/// <summary>A server that is a lite ICE agent (RFC 8445, 2.5).</summary>
public class IceLiteTests
{
    private static readonly PeerConnectionOptions Lite = PeerPair.LoopbackOptions with { IceLite = true };

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_lite_agent_connects_whoever_offers_and_is_controlled(bool isLiteOffering)
    {
        await using var pair = isLiteOffering ? new PeerPair(Lite) : new PeerPair(answererOptions: Lite);
        var (local, remote) = await pair.OpenChannelAsync();
        var heard = SharedPortTests.NextMessage(remote);
        local.Send("hello");
        Assert.That(await heard.Soon(), Is.EqualTo("hello"));
        var (lite, full) = isLiteOffering ? (pair.Offerer, pair.Answerer) : (pair.Answerer, pair.Offerer);
        Assert.That(lite.Sctp!.Transport!.IceTransport.Role, Is.EqualTo(IceRole.Controlled));
        Assert.That(full.Sctp!.Transport!.IceTransport.Role, Is.EqualTo(IceRole.Controlling));
    }

    [Test]
    public async Task Says_so_once_for_the_whole_session_and_offers_host_candidates_only()
    {
        await using var pair = new PeerPair(Lite);
        await pair.OpenChannelAsync();
        var lines = pair.Offerer.LocalDescription!.Sdp.Split("\r\n");
        var firstMedia = Array.FindIndex(lines, line => line.StartsWith("m=", StringComparison.Ordinal));
        Assert.That(lines.Select((line, i) => (line, i)).Where(l => l.line == "a=ice-lite").Select(l => l.i < firstMedia), Is.EqualTo(new[] { true }));
        Assert.That(lines.Where(line => line.StartsWith("a=candidate:", StringComparison.Ordinal)), Is.Not.Empty.And.All.Contains("typ host"));
        Assert.That(pair.Answerer.LocalDescription!.Sdp, Does.Not.Contain("ice-lite"));
    }

    [Test]
    public async Task Sends_no_checks()
    {
        await using var pair = new PeerPair(answererOptions: Lite);
        await pair.OpenChannelAsync();
        var stats = await pair.Answerer.GetStatsAsync();
        Assert.That(stats.Values.OfType<IceCandidatePairStats>().Sum(p => p.RequestsSent ?? 0), Is.Zero);
    }

    [Test]
    public async Task A_lite_agent_on_a_shared_port_serves_many()
    {
        await using var factory = new PeerConnectionFactory(null, Lite, new PeerConnectionFactoryOptions { UdpPort = 0 });
        for (var i = 0; i < 5; i++)
        {
            await using var pair = new PeerPair(new PeerConnection(null, PeerPair.LoopbackOptions), factory.CreatePeerConnection());
            var (local, remote) = await pair.OpenChannelAsync();
            pair.Offerer.RestartIce();
            await pair.NegotiateAsync();
            var heard = SharedPortTests.NextMessage(remote);
            local.Send("hello");
            Assert.That(await heard.Soon(), Is.EqualTo("hello"));
        }
    }
}
