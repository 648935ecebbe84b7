using System.Net;
using System.Net.Sockets;
using WebRtcCore.Testing;
using WebRtcCore.Tests.Transport;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Connections;

/// <summary>Connections over TCP candidates (RFC 6544): the UDP candidates are kept from the peers.</summary>
public class IceTcpTests
{
    private static readonly PeerConnectionOptions Active = PeerPair.LoopbackOptions with { IceTcp = IceTcpMode.Active };
    private static readonly PeerConnectionOptions Passive = PeerPair.LoopbackOptions with { IceTcp = IceTcpMode.Passive };
    private static readonly PeerConnectionFactoryOptions OneTcpPort = new() { TcpPort = 0 };

    [TestCase(true)]
    [TestCase(false)]
    public async Task Data_passes_over_TCP_whichever_side_offers(bool isPassiveOffering)
    {
        await using var pair = isPassiveOffering ? new TcpOnlyPair(Passive, Active) : new TcpOnlyPair(Active, Passive);
        var (local, remote) = await pair.OpenAsync();
        var heard = SharedPortTests.NextMessage(remote);
        var back = SharedPortTests.NextMessage(local);
        local.Send(new string('a', 100_000));
        remote.Send("back");
        Assert.That((await heard.Soon()).Length, Is.EqualTo(100_000));
        Assert.That(await back.Soon(), Is.EqualTo("back"));
        Assert.That(await SelectedProtocolAsync(pair.Offerer), Is.EqualTo(IceProtocol.Tcp));
    }

    [Test]
    public async Task Much_data_passes_both_ways_and_arrives_whole()
    {
        await using var pair = new TcpOnlyPair(Active, Passive);
        var (local, remote) = await pair.OpenAsync();
        const int Count = 200;
        var heard = Task.WhenAll(CountAsync(local, Count), CountAsync(remote, Count));
        await Task.WhenAll(SendAsync(local, Count), SendAsync(remote, Count));
        await heard.Soon();

        static async Task SendAsync(DataChannel channel, int count)
        {
            for (var i = 0; i < count; i++)
            {
                await channel.SendAsync(new byte[50_000]);
            }
        }

        static Task CountAsync(DataChannel channel, int count)
        {
            var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var left = count;
            channel.SetMessageHandler((_, data, _) =>
            {
                if (data.Length == 50_000 && --left == 0)
                {
                    complete.TrySetResult();
                }
            });
            return complete.Task;
        }
    }

    [Test]
    public async Task Many_connections_share_one_TCP_port()
    {
        await using var factory = new PeerConnectionFactory(null, PeerPair.LoopbackOptions, OneTcpPort);
        var pairs = Enumerable.Range(0, 8).Select(_ => new TcpOnlyPair(new PeerConnection(null, Active), factory.CreatePeerConnection())).ToArray();
        var channels = await Task.WhenAll(pairs.Select(pair => pair.OpenAsync()));
        for (var i = 0; i < pairs.Length; i++)
        {
            var heard = SharedPortTests.NextMessage(channels[i].Remote);
            channels[i].Local.Send($"{i}");
            Assert.That(await heard.Soon(), Is.EqualTo($"{i}"));
        }

        var port = factory.TcpEndPoints.Single().Port;
        Assert.That(pairs.Select(pair => pair.Answerer.LocalDescription!.Sdp), Is.All.Contains($" 127.0.0.1 {port} typ host tcptype passive"));
        foreach (var pair in pairs)
        {
            await pair.DisposeAsync();
        }

        Assert.That(factory.Ports!.TcpFragments, Is.Empty);
    }

    [Test]
    public async Task One_port_number_serves_UDP_and_TCP()
    {
        var port = FreePort.Next();
        await using var factory = new PeerConnectionFactory(null, PeerPair.LoopbackOptions, new PeerConnectionFactoryOptions { UdpPort = port, TcpPort = port });
        await using var tcp = new TcpOnlyPair(new PeerConnection(null, Active), factory.CreatePeerConnection());
        await using var udp = new PeerPair(new PeerConnection(null, Active), factory.CreatePeerConnection());
        await tcp.OpenAsync();
        await udp.OpenChannelAsync();
        Assert.That(await SelectedProtocolAsync(tcp.Answerer), Is.EqualTo(IceProtocol.Tcp));
        Assert.That(await SelectedProtocolAsync(udp.Answerer), Is.EqualTo(IceProtocol.Udp));
    }

    [Test]
    public async Task An_ICE_restart_keeps_data_flowing_over_TCP()
    {
        await using var factory = new PeerConnectionFactory(null, PeerPair.LoopbackOptions, OneTcpPort);
        await using var pair = new TcpOnlyPair(new PeerConnection(null, Active), factory.CreatePeerConnection());
        var (local, remote) = await pair.OpenAsync();
        pair.Offerer.RestartIce();
        await pair.NegotiateAsync();
        var heard = SharedPortTests.NextMessage(remote);
        local.Send("after");
        Assert.That(await heard.Soon(), Is.EqualTo("after"));
    }

    [Test]
    [Platform(Include = "Linux", Reason = "needs a second loopback address")]
    public async Task A_connection_over_TCP_moves_when_its_address_goes_and_another_one_comes()
    {
        InterfaceAddress[] machine = [new(IPAddress.Loopback, "one")];
        var networks = new NetworkMonitor(() => machine, new VirtualTimeProvider());
        var moving = new PeerConnectionOptions { IncludeLoopback = true, Networks = networks, ContinualGathering = true, IceTcp = IceTcpMode.Active | IceTcpMode.Passive };
        await using var pair = new TcpOnlyPair(moving, PeerPair.LoopbackOptions with { IceTcp = IceTcpMode.Passive });
        var (local, remote) = await pair.OpenAsync();
        Assert.That(Local(pair.Offerer), Does.Contain(" TCP ").IgnoreCase.And.Contain(" 127.0.0.1 9 "));
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        pair.Offerer.IceCandidate += (_, e) => told.Enqueue(e.Candidate?.Candidate ?? "");
        var before = pair.Offerer.LocalDescription!.Sdp.Split("\r\n").Single(static line => line.Contains("tcptype passive", StringComparison.Ordinal)).Split(' ')[5];

        machine = [new(IPAddress.Parse("127.0.0.2"), "two")];
        networks.Check();
        var transport = pair.Offerer.Sctp!.Transport.IceTransport;
        await PeerPair.When(() => Local(pair.Offerer).Contains(" 127.0.0.2 9 ", StringComparison.Ordinal), check => transport.SelectedCandidatePairChange += (_, _) => check());
        for (var i = 0; i < 5; i++)
        {
            var heard = SharedPortTests.NextMessage(remote);
            local.Send($"after {i}");
            Assert.That(await heard.Soon(), Is.EqualTo($"after {i}"));
        }

        Assert.That(Local(pair.Offerer), Does.Contain(" 127.0.0.2 9 "));
        await PeerPair.When(() => told.Count(static c => c.Contains("tcptype", StringComparison.Ordinal)) >= 2, check => pair.Offerer.IceCandidate += (_, _) => check());
        Assert.That(told.Where(static c => c.Contains("tcptype", StringComparison.Ordinal)), Has.Exactly(1).Contains("passive").And.Exactly(1).Contains("active"));
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.That(() => probe.Connect(IPAddress.Loopback, int.Parse(before, System.Globalization.CultureInfo.InvariantCulture)), Throws.InstanceOf<SocketException>(), "nobody listens at the old address");

        static string Local(PeerConnection connection) => connection.Sctp!.Transport.IceTransport.GetSelectedCandidatePair()!.Local.Candidate;
    }

    [Test]
    public async Task A_lite_server_is_reached_over_TCP()
    {
        await using var factory = new PeerConnectionFactory(null, PeerPair.LoopbackOptions with { IceLite = true }, OneTcpPort);
        await using var pair = new TcpOnlyPair(new PeerConnection(null, Active), factory.CreatePeerConnection());
        await pair.OpenAsync();
    }

    [Test]
    public async Task Without_the_option_there_are_no_TCP_candidates()
    {
        Assert.That(PeerConnectionOptions.Default.IceTcp, Is.EqualTo(IceTcpMode.None));
        await using var pair = new PeerPair();
        await pair.OpenChannelAsync();
        Assert.That(pair.Offerer.LocalDescription!.Sdp, Does.Not.Contain("tcptype"));
    }

    [Test]
    public void A_TCP_port_that_is_taken_is_said_at_once()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.That(() => new PeerConnectionFactory(null, PeerPair.LoopbackOptions, new PeerConnectionFactoryOptions { TcpPort = port }), Throws.InstanceOf<SocketException>());
    }

    private static async Task<IceProtocol?> SelectedProtocolAsync(PeerConnection connection)
    {
        var stats = await connection.GetStatsAsync();
        var transport = stats.Values.OfType<TransportStats>().Single();
        var pair = (IceCandidatePairStats)stats[transport.SelectedCandidatePairId!];
        return ((IceCandidateStats)stats[pair.LocalCandidateId!]).Protocol;
    }

    /// <summary>Two connections that are told of each other's TCP candidates only.</summary>
    private sealed class TcpOnlyPair(PeerConnection offerer, PeerConnection answerer) : IAsyncDisposable
    {
        public TcpOnlyPair(PeerConnectionOptions offerer, PeerConnectionOptions answerer)
            : this(new PeerConnection(null, offerer), new PeerConnection(null, answerer))
        {
        }

        public PeerConnection Offerer { get; } = offerer;

        public PeerConnection Answerer { get; } = answerer;

        public async Task<(DataChannel Local, DataChannel Remote)> OpenAsync()
        {
            var incoming = PeerPair.NextChannel(Answerer);
            var local = Offerer.CreateDataChannel("tcp");
            await NegotiateAsync();
            var remote = await incoming;
            await PeerPair.WhenOpen(local);
            return (local, remote);
        }

        public async Task NegotiateAsync()
        {
            await Offerer.SetLocalDescriptionAsync(await Offerer.CreateOfferAsync());
            await Answerer.SetRemoteDescriptionAsync(await WithoutUdpAsync(Offerer));
            await Answerer.SetLocalDescriptionAsync();
            await Offerer.SetRemoteDescriptionAsync(await WithoutUdpAsync(Answerer));
        }

        public async ValueTask DisposeAsync()
        {
            await Offerer.DisposeAsync();
            await Answerer.DisposeAsync();
        }

        private static async Task<SessionDescription> WithoutUdpAsync(PeerConnection connection)
        {
            await PeerPair.When(() => connection.IceGatheringState == IceGatheringState.Complete, check => connection.IceGatheringStateChange += (_, _) => check());
            var description = connection.LocalDescription!;
            var lines = description.Sdp.Split("\r\n").Where(line => !(line.StartsWith("a=candidate:", StringComparison.Ordinal) && line.Contains(" udp ", StringComparison.Ordinal)));
            return new SessionDescription(description.Type, string.Join("\r\n", lines));
        }
    }
}
