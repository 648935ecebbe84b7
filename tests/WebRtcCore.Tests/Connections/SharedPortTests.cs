using System.Net;
using System.Net.Sockets;
using WebRtcCore.Tests.Transport;

namespace WebRtcCore.Tests.Connections;

/// <summary>Connections of a factory that shares one UDP port, against connections with ports of their own.</summary>
public class SharedPortTests
{
    private static readonly PeerConnectionFactoryOptions AnyPort = new() { UdpPort = 0 };

    [TestCase(1)]
    [TestCase(4)]
    public async Task Many_connections_on_one_port_each_talk_to_their_own_peer(int sockets)
    {
        await using var factory = new PeerConnectionFactory(null, PeerPair.LoopbackOptions, AnyPort with { UdpSocketsPerAddress = sockets });
        var pairs = Enumerable.Range(0, 12).Select(_ => Against(factory)).ToArray();
        var channels = await Task.WhenAll(pairs.Select(pair => pair.OpenChannelAsync()));
        for (var i = 0; i < pairs.Length; i++)
        {
            var heard = NextMessage(channels[i].Local);
            channels[i].Remote.Message += (sender, e) => ((DataChannel)sender!).Send("back " + e.Message.Text);
            channels[i].Local.Send($"{i}");
            Assert.That(await heard.Soon(), Is.EqualTo($"back {i}"));
        }

        var port = factory.UdpEndPoints.Single().Port;
        Assert.That(pairs.Select(pair => PortOf(pair.Answerer)), Is.All.EqualTo(port));
        foreach (var pair in pairs)
        {
            await pair.DisposeAsync();
        }

        Assert.That(factory.Ports!.FindUdp(Primitives.TransportAddress.From(IPAddress.Loopback, 0))!.Attached, Is.Zero);
    }

    [Test]
    public async Task Two_shared_ports_connect_to_each_other_more_than_once()
    {
        await using var factory = new PeerConnectionFactory(null, PeerPair.LoopbackOptions, AnyPort);
        await using var other = new PeerConnectionFactory(null, PeerPair.LoopbackOptions, AnyPort);
        await using (var earlier = new PeerPair(other.CreatePeerConnection(), factory.CreatePeerConnection()))
        {
            await earlier.OpenChannelAsync();
        }

        // The same two ports as before, and another connection.
        await using var pair = new PeerPair(other.CreatePeerConnection(), factory.CreatePeerConnection());
        var (local, remote) = await pair.OpenChannelAsync();
        var heard = NextMessage(remote);
        local.Send("again");
        Assert.That(await heard.Soon(), Is.EqualTo("again"));
    }

    [Test]
    public async Task A_peer_that_comes_again_from_the_same_port_without_a_goodbye_gets_a_new_connection()
    {
        await using var factory = new PeerConnectionFactory(null, PeerPair.LoopbackOptions, AnyPort);
        await using var other = new PeerConnectionFactory(null, PeerPair.LoopbackOptions, AnyPort);
        await using var old = new PeerPair(other.CreatePeerConnection(), factory.CreatePeerConnection());
        await old.OpenChannelAsync();

        // The old connection lives on at this end, which was never told of its end.
        await using var pair = new PeerPair(other.CreatePeerConnection(), factory.CreatePeerConnection());
        var (local, remote) = await pair.OpenChannelAsync();
        var heard = NextMessage(remote);
        local.Send("it is me");
        Assert.That(await heard.Soon(), Is.EqualTo("it is me"));
        Assert.That(old.Answerer.ConnectionState, Is.EqualTo(PeerConnectionState.Connected));
    }

    [Test]
    public async Task Connects_over_IPv6_and_IPv4_with_one_port_number()
    {
        UdpRequireIPv6();
        var options = PeerPair.LoopbackOptions with { LocalAddresses = [IPAddress.Loopback, IPAddress.IPv6Loopback] };
        await using var factory = new PeerConnectionFactory(null, options, AnyPort);
        Assert.That(factory.UdpEndPoints.Select(e => e.Port).Distinct().Count(), Is.EqualTo(1));
        Assert.That(factory.UdpEndPoints.Select(e => e.Address), Is.EquivalentTo(options.LocalAddresses!));
        await using var six = Against(factory, options with { LocalAddresses = [IPAddress.IPv6Loopback] });
        await using var four = Against(factory);
        await six.OpenChannelAsync();
        await four.OpenChannelAsync();
    }

    [Test]
    public async Task An_ICE_restart_keeps_the_connection_on_the_port()
    {
        await using var factory = new PeerConnectionFactory(null, PeerPair.LoopbackOptions, AnyPort);
        await using var pair = Against(factory);
        var (local, remote) = await pair.OpenChannelAsync();
        for (var i = 0; i < 6; i++)
        {
            pair.Offerer.RestartIce();
            await pair.NegotiateAsync();
            var heard = NextMessage(remote);
            local.Send($"after restart {i}");
            Assert.That(await heard.Soon(), Is.EqualTo($"after restart {i}"));
        }
    }

    [Test]
    public async Task A_connection_that_closes_leaves_the_others_on_the_port()
    {
        await using var factory = new PeerConnectionFactory(null, PeerPair.LoopbackOptions, AnyPort);
        await using var stays = Against(factory);
        var (local, remote) = await stays.OpenChannelAsync();
        await using (var goes = Against(factory))
        {
            await goes.OpenChannelAsync();
        }

        var heard = NextMessage(remote);
        local.Send("still here");
        Assert.That(await heard.Soon(), Is.EqualTo("still here"));
    }

    [Test]
    public async Task A_slow_handler_holds_up_no_other_connection()
    {
        await using var factory = new PeerConnectionFactory(null, PeerPair.LoopbackOptions, AnyPort);
        await using var slow = Against(factory);
        await using var quick = Against(factory);
        var (slowLocal, slowRemote) = await slow.OpenChannelAsync();
        var (quickLocal, quickRemote) = await quick.OpenChannelAsync();
        using var entered = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        slowRemote.SetMessageHandler((_, _, _) =>
        {
            entered.Release();
            release.Wait(Signals.Limit);
        });
        slowLocal.Send("block");
        Assert.That(await entered.WaitAsync(Signals.Limit));
        var heard = NextMessage(quickRemote);
        quickLocal.Send("pass");
        Assert.That(await heard.Soon(), Is.EqualTo("pass"));
        release.Set();
    }

    [Test]
    public async Task A_port_that_is_taken_is_said_at_once()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        Assert.That(() => new PeerConnectionFactory(null, PeerPair.LoopbackOptions, AnyPort with { UdpPort = port }), Throws.InstanceOf<SocketException>());
        await using var apart = new PeerConnectionFactory(null, PeerPair.LoopbackOptions);
        Assert.That(apart.UdpEndPoints, Is.Empty);
    }

    [Test]
    public void Options_out_of_range_are_refused()
    {
        Assert.That(() => new PeerConnectionFactory(null, null, new PeerConnectionFactoryOptions { UdpPort = 65_536 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new PeerConnectionFactory(null, null, new PeerConnectionFactoryOptions { UdpSocketsPerAddress = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new PeerConnectionFactory(null, null, new PeerConnectionFactoryOptions { UdpSocketsPerAddress = 65 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(PeerConnectionFactoryOptions.Default, Is.EqualTo(new PeerConnectionFactoryOptions { UdpPort = null, UdpSocketsPerAddress = 1 }));
    }

    internal static Task<string> NextMessage(DataChannel channel)
    {
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.Message += (_, e) => heard.TrySetResult(e.Message.Text);
        return heard.Task;
    }

    private static PeerPair Against(PeerConnectionFactory factory, PeerConnectionOptions? options = null) =>
        new(new PeerConnection(null, options ?? PeerPair.LoopbackOptions), factory.CreatePeerConnection());

    private static int PortOf(PeerConnection connection) =>
        Ice.IceCandidate.TryParse(connection.LocalDescription!.Sdp.Split("\r\n").First(line => line.StartsWith("a=candidate:", StringComparison.Ordinal)), out var candidate)
            ? candidate.Port
            : 0;

    private static void UdpRequireIPv6()
    {
        if (!Socket.OSSupportsIPv6)
        {
            Assert.Ignore("This machine has no IPv6.");
        }
    }
}
