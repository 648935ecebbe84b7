using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WebRtcCore.Interop.Tests.Dtls;
using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>coturn on loopback, as a relay with long-term credentials or the secret of the REST scheme.</summary>
internal sealed class Coturn : IDisposable
{
    public const string Username = "alice";
    public const string Password = "wonderland";
    public const string Secret = "north";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PeerCertificate _certificate = PeerCertificate.Create(isRsa: true);
    private readonly PeerProcess _process;

    private Coturn(IEnumerable<string> credentials)
    {
        Port = FreePort();
        TlsPort = FreePort();
        _process = new PeerProcess(
            Peers.Require("turnserver"),
            [
                "-n", "-v", "--no-cli", "--no-dtls", "--log-file", "stdout", "--allow-loopback-peers", "--realm", "test.example",
                "--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1",
                "--listening-port", Text(Port), "--tls-listening-port", Text(TlsPort),
                "--cert", _certificate.CertificateFile, "--pkey", _certificate.KeyFile,
                "--pidfile", Path.Combine(Path.GetTempPath(), $"coturn-{Port}.pid"), .. credentials,
            ]);
    }

    public int Port { get; }

    public int TlsPort { get; }

    public string Output => _process.Output;

    public byte[] Certificate => _certificate.Encoded;

    public static Task<Coturn> StartAsync() => StartAsync("--lt-cred-mech", "--user", $"{Username}:{Password}");

    public static Task<Coturn> StartWithSecretAsync() => StartAsync("--use-auth-secret", "--static-auth-secret", Secret);

    public string Url(IceServerTransportProtocol protocol) => protocol switch
    {
        IceServerTransportProtocol.Udp => $"turn:127.0.0.1:{Port}",
        IceServerTransportProtocol.Tcp => $"turn:127.0.0.1:{Port}?transport=tcp",
        _ => $"turns:127.0.0.1:{TlsPort}",
    };

    public PeerConnectionConfiguration Configuration(IceServerTransportProtocol protocol, string username = Username, string password = Password) => new()
    {
        IceServers = [new IceServer(Url(protocol)) { Username = username, Credential = password }],
        IceTransportPolicy = IceTransportPolicy.Relay,
    };

    /// <summary>Options that trust this server's certificate and no other.</summary>
    public PeerConnectionOptions Options() => new()
    {
        LocalAddresses = [IPAddress.Loopback],
        ServerCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetRawCertData().AsSpan().SequenceEqual(Certificate),
    };

    public void Dispose()
    {
        _process.Dispose();
        _certificate.Dispose();
    }

    private static async Task<Coturn> StartAsync(params string[] credentials)
    {
        var coturn = new Coturn(credentials);
        using var limit = new CancellationTokenSource(Patience);
        foreach (var port in new[] { coturn.Port, coturn.TlsPort })
        {
            // It listens on TCP too, which tells when it is there.
            while (true)
            {
                using var client = new TcpClient();
                try
                {
                    await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                    break;
                }
                catch (SocketException) when (!coturn._process.HasExited)
                {
                    await Task.Delay(20, limit.Token);
                }
            }
        }

        return coturn;
    }

    private static int FreePort()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
