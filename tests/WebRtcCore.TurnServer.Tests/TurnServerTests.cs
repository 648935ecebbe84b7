using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.TurnServerTests;

public sealed class TurnServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [TestCase("udp")]
    [TestCase("tcp")]
    [TestCase("tls")]
    public async Task Data_is_relayed_both_ways(string transport)
    {
        using var certificate = MakeCertificate();
        await using var server = TurnServer.Start(Options(certificate), Users());
        await using var client = await TurnTestClient.ConnectAsync(transport == "tls" ? server.TlsEndPoints[0] : server.EndPoints[0], transport);
        Assert.That(await client.AllocateAsync(), Is.EqualTo(TurnClientState.Allocated));
        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var peerAddress = TransportAddress.From((IPEndPoint)peer.Client.LocalEndPoint!);
        await client.PermitAsync(peerAddress);

        await client.SendAsync([1, 2, 3], peerAddress);
        using var limit = new CancellationTokenSource(Patience);
        var received = await peer.ReceiveAsync(limit.Token);
        Assert.That(received.Buffer, Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(TransportAddress.From(received.RemoteEndPoint), Is.EqualTo(client.Core.RelayedAddress4));
        await peer.SendAsync(new byte[] { 4, 5 }, received.RemoteEndPoint, limit.Token);
        Assert.That(await client.ReceiveAsync(), Is.EqualTo(new byte[] { 4, 5 }));
    }

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public async Task Datagrams_of_all_sizes_arrive_whole_and_in_their_order(string address)
    {
        int[] sizes = [100, 100, 100, 40, 1200, 1200, 1200, 1201, 1, 1, 1, 900, 900, 0, 900];
        var loopback = IPAddress.Parse(address);
        await using var server = TurnServer.Start(Options() with { ListenAddresses = [loopback] }, Users());
        await using var client = await TurnTestClient.ConnectAsync(server.EndPoints[0], "udp");
        Assert.That(await client.AllocateAsync(), Is.EqualTo(TurnClientState.Allocated));
        using var peer = new UdpClient(new IPEndPoint(loopback, 0));
        var peerAddress = TransportAddress.From((IPEndPoint)peer.Client.LocalEndPoint!);
        await client.PermitAsync(peerAddress);
        using var limit = new CancellationTokenSource(Patience);
        var messages = sizes.Select((size, i) => Enumerable.Repeat((byte)i, size).ToArray()).ToArray();
        foreach (var message in messages)
        {
            await client.SendAsync(message, peerAddress);
        }

        IPEndPoint? relayed = null;
        foreach (var message in messages)
        {
            var received = await peer.ReceiveAsync(limit.Token);
            Assert.That(received.Buffer, Is.EqualTo(message));
            relayed = received.RemoteEndPoint;
        }

        foreach (var message in messages)
        {
            await peer.SendAsync(message, relayed!, limit.Token);
        }

        foreach (var message in messages)
        {
            Assert.That(await client.ReceiveAsync(), Is.EqualTo(message));
        }

        Assert.That((server.Statistics.DatagramsToPeers, server.Statistics.DatagramsToClients), Is.EqualTo((sizes.LongLength, sizes.LongLength)));
    }

    [Test]
    public async Task Wrong_credentials_get_no_allocation()
    {
        await using var server = TurnServer.Start(Options(), Users());
        await using var client = await TurnTestClient.ConnectAsync(server.EndPoints[0], "udp", password: "wrong");
        Assert.That(await client.AllocateAsync(), Is.EqualTo(TurnClientState.Failed));
        Assert.That(server.Statistics.AllocationsMade, Is.Zero);
    }

    [Test]
    public async Task Time_limited_credentials_count_until_they_expire()
    {
        await using var server = TurnServer.Start(Options(), new TurnUsers(secret: "common"));
        var valid = TurnRestCredentials.Create("common", "carol", DateTimeOffset.UtcNow.AddHours(1));
        await using var client = await TurnTestClient.ConnectAsync(server.EndPoints[0], "udp", valid.Username, valid.Password);
        Assert.That(await client.AllocateAsync(), Is.EqualTo(TurnClientState.Allocated));
        var expired = TurnRestCredentials.Create("common", "carol", DateTimeOffset.UtcNow.AddHours(-1));
        await using var late = await TurnTestClient.ConnectAsync(server.EndPoints[0], "udp", expired.Username, expired.Password);
        Assert.That(await late.AllocateAsync(), Is.EqualTo(TurnClientState.Failed));
    }

    [Test]
    public async Task Loopback_is_closed_unless_it_is_opened()
    {
        await using var server = TurnServer.Start(Options() with { Relay = new TurnRelayOptions { Realm = "test" } }, Users());
        await using var client = await TurnTestClient.ConnectAsync(server.EndPoints[0], "udp");
        await client.AllocateAsync();
        Assert.That(() => client.PermitAsync(TransportAddress.Parse("127.0.0.1", 9)).WaitAsync(TimeSpan.FromMilliseconds(500)), Throws.TypeOf<TimeoutException>());
    }

    [Test]
    public async Task A_stream_that_carries_no_messages_is_closed_and_others_go_on()
    {
        await using var server = TurnServer.Start(Options(), Users());
        using var bad = new TcpClient();
        await bad.ConnectAsync(server.EndPoints[0]);
        await bad.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        using var limit = new CancellationTokenSource(Patience);
        Assert.That(await bad.GetStream().ReadAsync(new byte[1], limit.Token), Is.Zero);
        await using var client = await TurnTestClient.ConnectAsync(server.EndPoints[0], "tcp");
        Assert.That(await client.AllocateAsync(), Is.EqualTo(TurnClientState.Allocated));
    }

    [Test]
    public async Task Security_12_a_stream_that_dawdles_is_closed()
    {
        await using var server = TurnServer.Start(Options() with { StreamDeadline = TimeSpan.FromMilliseconds(200) }, Users());
        using var slow = new TcpClient();
        await slow.ConnectAsync(server.EndPoints[0]);
        await slow.GetStream().WriteAsync(new byte[] { 0, 1, 0 });
        using var limit = new CancellationTokenSource(Patience);
        Assert.That(await slow.GetStream().ReadAsync(new byte[1], limit.Token), Is.Zero);
    }

    [Test]
    public async Task An_allocation_ends_with_its_stream()
    {
        await using var server = TurnServer.Start(Options(), Users());
        await using (var client = await TurnTestClient.ConnectAsync(server.EndPoints[0], "tcp"))
        {
            await client.AllocateAsync();
            Assert.That(server.Statistics.Allocations, Is.EqualTo(1));
        }

        using var limit = new CancellationTokenSource(Patience);
        while (server.Statistics.Allocations > 0)
        {
            await Task.Delay(10, limit.Token);
        }
    }

    [Test]
    public async Task A_server_that_is_disposed_leaves_no_port_open()
    {
        var server = TurnServer.Start(Options(), Users());
        await using var client = await TurnTestClient.ConnectAsync(server.EndPoints[0], "udp");
        await client.AllocateAsync();
        var relayed = client.Core.RelayedAddress4.ToIPEndPoint();
        var listening = server.EndPoints[0];
        await server.DisposeAsync();
        using var first = new UdpClient(relayed);
        using var second = new UdpClient(listening);
        Assert.That(server.Statistics.Allocations, Is.Zero);
    }

    internal static TurnUsers Users() => new(new Dictionary<string, string> { ["alice"] = "secret" });

    internal static TurnServerOptions Options(X509Certificate2? certificate = null) => new()
    {
        Relay = new TurnRelayOptions
        {
            Realm = "test",
            PeerRules = new TurnPeerRules { AllowedScopes = new HashSet<TurnPeerScope> { TurnPeerScope.Loopback } },
        },
        ListenAddresses = [IPAddress.Loopback],
        Port = 0,
        TlsPort = 0,
        Certificate = certificate,
    };

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
