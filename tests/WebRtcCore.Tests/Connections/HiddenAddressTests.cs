namespace WebRtcCore.Tests.Connections;

/// <summary>Connections that hide behind <c>.local</c> names, over multicast on the loopback interface.</summary>
public class HiddenAddressTests
{
    private static readonly PeerConnectionOptions Hidden = PeerPair.LoopbackOptions with { HideHostAddresses = true };

    [Test]
    public async Task Two_connections_that_hide_their_addresses_meet_by_name()
    {
        await using var pair = new PeerPair(Hidden, Hidden);
        var (local, remote) = await pair.OpenChannelAsync();
        local.Send("hello");
        await foreach (var message in remote.ReadAllAsync())
        {
            Assert.That(message.Text, Is.EqualTo("hello"));
            break;
        }

        foreach (var connection in new[] { pair.Offerer, pair.Answerer })
        {
            Assert.That(connection.LocalDescription!.Sdp, Does.Match("a=candidate:[^\n]+ [0-9a-f-]{36}\\.local [0-9]+ typ host"));
            Assert.That(connection.LocalDescription.Sdp, Does.Not.Match("candidate:[^\n]*127\\.0\\.0\\.1"));
            Assert.That(connection.LocalDescription.Sdp, Does.Contain("c=IN IP4 0.0.0.0"));
            var report = await connection.GetStatsAsync();
            Assert.That(report.ToJson(), Does.Not.Contain("127.0.0.1"));
            Assert.That(report.GetAll<LocalCandidateStats>().Where(c => c.CandidateType == IceCandidateType.Host).Select(c => c.Address), Is.All.EndsWith(".local"));
            Assert.That(report.GetAll<RemoteCandidateStats>().Select(c => c.Address), Is.All.Null.Or.All.EndsWith(".local"));
            Assert.That(connection.Sctp!.Transport.IceTransport.GetSelectedCandidatePair()!.ToString(), Does.Not.Contain("127.0.0.1"));
        }
    }

    [Test]
    public async Task One_that_does_not_resolve_names_is_reached_by_the_other()
    {
        await using var pair = new PeerPair(Hidden, PeerPair.LoopbackOptions with { ResolveMulticastNames = false });
        await pair.OpenChannelAsync();
        var report = await pair.Answerer.GetStatsAsync();
        Assert.That(report.GetAll<RemoteCandidateStats>().Select(c => c.CandidateType), Is.All.EqualTo(IceCandidateType.PeerReflexive));
    }
}
