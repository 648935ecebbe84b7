using System.Net;

namespace WebRtcCore.TurnServerTests;

/// <summary>What connections on one shared port get from a server: each has an allocation and a reflexive address of its own.</summary>
public sealed class SharedPortRelayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [TestCase("udp")]
    [TestCase("tcp")]
    public async Task Two_connections_on_one_port_get_a_relay_each(string transport)
    {
        await using var server = TurnServer.Start(TurnServerTests.Options(), TurnServerTests.Users());
        var url = $"turn:127.0.0.1:{server.EndPoints[0].Port}?transport={transport}";
        var configuration = new PeerConnectionConfiguration
        {
            IceServers = [new IceServer { Urls = [url], Username = "alice", Credential = "secret" }],
        };
        await using var factory = new PeerConnectionFactory(
            configuration, new PeerConnectionOptions { LocalAddresses = [IPAddress.Loopback] }, new PeerConnectionFactoryOptions { UdpPort = 0 });
        await using var first = factory.CreatePeerConnection();
        await using var second = factory.CreatePeerConnection();
        var relays = await Task.WhenAll(GatherAsync(first), GatherAsync(second));
        Assert.That(relays.Select(lines => lines.Count(line => line.Contains("typ relay", StringComparison.Ordinal))), Is.EqualTo(new[] { 1, 1 }));
        Assert.That(relays.SelectMany(lines => lines).Where(line => line.Contains("typ host", StringComparison.Ordinal)).Select(line => line.Split(' ')[5]).Distinct(),
            Is.EqualTo(new[] { $"{factory.UdpEndPoints[0].Port}" }), "The sockets for relays are no candidates.");
    }

    [Test]
    public async Task Each_connection_gets_the_answers_to_its_own_questions_from_the_server_that_all_ask()
    {
        await using var server = TurnServer.Start(TurnServerTests.Options(), TurnServerTests.Users());
        var configuration = new PeerConnectionConfiguration { IceServers = [new IceServer { Urls = [$"stun:127.0.0.1:{server.EndPoints[0].Port}"] }] };
        await using var factory = new PeerConnectionFactory(
            configuration, new PeerConnectionOptions { LocalAddresses = [IPAddress.Loopback] }, new PeerConnectionFactoryOptions { UdpPort = 0 });
        var connections = Enumerable.Range(0, 10).Select(_ => factory.CreatePeerConnection()).ToArray();
        var errors = 0;
        foreach (var connection in connections)
        {
            connection.IceCandidateError += (_, _) => Interlocked.Increment(ref errors);
        }

        await Task.WhenAll(connections.Select(GatherAsync));
        Assert.That(errors, Is.Zero);
    }

    private static async Task<string[]> GatherAsync(PeerConnection connection)
    {
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.IceGatheringStateChange += (_, _) =>
        {
            if (connection.IceGatheringState == IceGatheringState.Complete)
            {
                complete.TrySetResult();
            }
        };
        connection.CreateDataChannel("relay");
        await connection.SetLocalDescriptionAsync();
        await complete.Task.WaitAsync(Patience);
        return [.. connection.LocalDescription!.Sdp.Split("\r\n").Where(line => line.StartsWith("a=candidate:", StringComparison.Ordinal))];
    }
}
