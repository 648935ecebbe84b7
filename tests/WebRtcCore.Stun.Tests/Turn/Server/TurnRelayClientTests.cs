using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Stun.Tests.Turn.Server;

/// <summary>The TURN client against the TURN server, on a virtual network that loses datagrams.</summary>
public sealed class TurnRelayClientTests
{
    private static readonly TransportAddress Server = TurnRelayBench.ServerAddress;
    private static readonly TransportAddress ClientAddress = TransportAddress.Parse("192.0.2.1", 5000);
    private static readonly TransportAddress Peer = TurnRelayBench.PeerAddress;

    [TestCase(0.0)]
    [TestCase(0.1)]
    [TestCase(0.3)]
    public void Client_allocates_and_is_kept_alive_for_an_hour(double loss)
    {
        var network = new VirtualNetwork(5) { Conditions = new LinkConditions { LossRate = loss, Delay = TimeSpan.FromMilliseconds(20) } };
        var server = new TurnRelayNode(Server, options: new TurnRelayOptions { Realm = "test.example", NonceLifetime = TimeSpan.FromMinutes(7) });
        using var client = new TurnClient(new NetworkPath(ClientAddress, Server), new TurnClientOptions { Username = "alice", Password = "secret" }, new SeededRandomSource(9));
        network.AddHost("server", server, server.Addresses);
        network.AddHost("client", Node(client), ClientAddress);
        client.Allocate(network.Now);
        Assert.That(network.RunUntil(() => client.State == TurnClientState.Allocated, TimeSpan.FromMinutes(1)), Is.True);
        Assert.That(client.BindChannel(Peer, network.Now), Is.True);
        Assert.That(network.RunUntil(() => client.IsPermitted(Peer), TimeSpan.FromMinutes(1)), Is.True);

        network.RunUntil(() => false, TimeSpan.FromHours(1));
        Assert.That(client.State, Is.EqualTo(TurnClientState.Allocated));
        Assert.That(client.IsPermitted(Peer), Is.True);
        Assert.That(server.Relay.Statistics.Allocations, Is.EqualTo(1));
        client.Close(network.Now);
        network.RunUntil(() => client.State == TurnClientState.Closed, TimeSpan.FromMinutes(1));
        Assert.That(client.State, Is.EqualTo(TurnClientState.Closed));
    }

    private static VirtualNode Node(TurnClient client) => new()
    {
        OnDatagram = (Span<byte> datagram, in NetworkPath path, Instant now) => client.HandleDatagram(datagram, now, out _),
        OnTimeout = client.HandleTimeout,
        OnNextTimeout = () => client.NextTimeout,
        OnEvents = now =>
        {
            while (client.TryPollEvent(out _))
            {
            }
        },
        OnPoll = client.TryPollTransmit,
    };
}
