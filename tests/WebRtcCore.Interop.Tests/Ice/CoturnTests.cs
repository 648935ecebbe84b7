using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WebRtcCore.Interop.Tests.Dtls;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Testing;

namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>Gathering asks a real STUN server. On loopback there is no NAT, so what coturn sees is the host candidate itself and adds none.</summary>
[Category("Interop")]
public sealed class CoturnTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Gathering_is_complete_as_soon_as_coturn_has_answered()
    {
        var port = FreePort.Next();
        using var coturn = new PeerProcess(
            Peers.Require("turnserver"),
            [
                "-n", "--stun-only", "--no-cli", "--no-tls", "--no-dtls", "--log-file", "stdout", "--listening-ip", "127.0.0.1",
                "--listening-port", port.ToString(CultureInfo.InvariantCulture), "--pidfile", Path.Combine(Path.GetTempPath(), $"coturn-{port}.pid"),
            ]);
        await WhenListeningAsync(port, coturn);
        var errors = await GatherAsync(port);
        Assert.That(errors, Is.Empty, () => coturn.Output);
    }

    [Test]
    public async Task A_server_that_does_not_answer_is_an_error_of_its_own()
    {
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var errors = await GatherAsync(((IPEndPoint)silent.Client.LocalEndPoint!).Port);
        Assert.That(errors, Is.EqualTo(new[] { IceCandidateErrorEventArgs.ServerNotReached }));
    }

    private static async Task<List<int>> GatherAsync(int port)
    {
        var errors = new List<int>();
        var complete = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var configuration = new PeerConnectionConfiguration { IceServers = [new IceServer($"stun:127.0.0.1:{port}")] };
        await using var connection = new PeerConnection(configuration, new PeerConnectionOptions { LocalAddresses = [IPAddress.Loopback] });
        connection.IceCandidateError += (_, e) => errors.Add(e.ErrorCode);
        connection.IceCandidate += (_, e) =>
        {
            if (e.Candidate is null)
            {
                complete.TrySetResult();
            }
        };
        connection.CreateDataChannel("x");
        await connection.SetLocalDescriptionAsync();
        await complete.Task.WaitAsync(Patience);
        return errors;
    }

    // coturn listens on TCP too, which tells when it is there.
    private static async Task WhenListeningAsync(int port, PeerProcess coturn)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                return;
            }
            catch (SocketException) when (!coturn.HasExited)
            {
                await Task.Delay(20, limit.Token);
            }
        }
    }
}
