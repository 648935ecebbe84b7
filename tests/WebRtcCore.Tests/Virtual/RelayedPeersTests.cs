using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Virtual;

public sealed class RelayedPeersTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TransportAddress Address = TransportAddress.Parse("198.51.100.1", 3478);

    private static readonly PeerConnectionConfiguration RelayOnly = new()
    {
        IceServers = [new IceServer("turn:198.51.100.1") { Username = "alice", Credential = "secret" }],
        IceTransportPolicy = IceTransportPolicy.Relay,
    };

    [TestCase(0)]
    [TestCase(0.05)]
    public async Task Data_goes_through_the_relay_as_channel_data(double lossRate)
    {
        var server = new TurnServerNode(Address);
        var conditions = LinkConditions.Good with { Delay = TimeSpan.FromMilliseconds(10), LossRate = lossRate };
        await using var peers = new VirtualPeers(conditions, seed: 3, RelayOnly, server);
        var channel = peers.Pair.Offerer.CreateDataChannel("x");
        var received = 0L;
        peers.Pair.Answerer.DataChannel += (_, e) => e.Channel.Message += (_, m) => received += m.Message.Data.Length;
        await peers.ConnectAsync(Minute);
        Assert.That(peers.RunUntil(() => channel.ReadyState == DataChannelState.Open, Minute), Is.True);
        var before = server.Relayed;
        channel.Send(new byte[100_000]);
        Assert.That(peers.RunUntil(() => received == 100_000, Minute), Is.True);
        Assert.That(server.Relayed.ChannelData - before.ChannelData, Is.GreaterThan(80));
        Assert.That(server.Relayed.Indications - before.Indications, Is.LessThan(5));
    }

    [Test]
    public async Task Close_gives_the_allocations_back()
    {
        var server = new TurnServerNode(Address);
        await using var peers = new VirtualPeers(LinkConditions.Good, configuration: RelayOnly, server: server);
        peers.Pair.Offerer.CreateDataChannel("x");
        await peers.ConnectAsync(Minute);
        Assert.That(server.AllocationCount, Is.EqualTo(2));
        peers.Pair.Offerer.Close();
        Assert.That(peers.RunUntil(() => peers.Pair.Answerer.ConnectionState == PeerConnectionState.Closed || server.AllocationCount == 1, Minute), Is.True);
        Assert.That(server.AllocationCount, Is.EqualTo(1));
    }
}
