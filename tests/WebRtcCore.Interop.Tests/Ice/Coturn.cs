using System.Globalization;
using System.Net;
using WebRtcCore.Interop.Tests.Dtls;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Interop.Tests.Harness.Networks;
using WebRtcCore.Testing;

namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>coturn, on loopback or in a network of the test, as a relay with long-term credentials or the secret of the REST scheme.</summary>
internal sealed class Coturn : ITurnPeer
{
    public const string Username = "alice";
    public const string Password = "wonderland";
    public const string Secret = "north";

    private readonly PeerCertificate _certificate = PeerCertificate.Create(isRsa: true);
    private readonly Func<PeerProcess> _start;
    private readonly string _address;
    private PeerProcess _process;

    private Coturn(NetworkNamespace? network, string address, IEnumerable<string> credentials)
    {
        _address = address;
        Port = FreePort.Next();
        TlsPort = FreePort.Next();
        var coturn = Peers.Require("turnserver");
        var (program, before) = network is null ? (coturn, []) : network.Enter(coturn);
        _start = () => new PeerProcess(
            program,
            [
                .. before, "-n", "-v", "--no-cli", "--log-file", "stdout", "--allow-loopback-peers", "--realm", "test.example",
                "--listening-ip", address, "--relay-ip", address,
                "--listening-port", Text(Port), "--tls-listening-port", Text(TlsPort),
                "--cert", _certificate.CertificateFile, "--pkey", _certificate.KeyFile,
                "--pidfile", Path.Combine(Path.GetTempPath(), $"coturn-{Port}.pid"), .. credentials,
            ]);
        _process = _start();
    }

    public int Port { get; }

    public int TlsPort { get; }

    public string Output => _process.Output;

    public byte[] Certificate => _certificate.Encoded;

    /// <summary>Its URL over DTLS.</summary>
    public string DtlsUrl => $"turns:{_address}:{TlsPort}?transport=udp";

    public static Task<Coturn> StartAsync(NetworkNamespace? network = null, string address = "127.0.0.1") =>
        StartAsync(network, address, "--lt-cred-mech", "--user", $"{Username}:{Password}");

    public static Task<Coturn> StartWithSecretAsync() => StartAsync(null, "127.0.0.1", "--use-auth-secret", "--static-auth-secret", Secret);

    public string Url(IceServerTransportProtocol protocol) => TurnUrl.Make(_address, Port, TlsPort, protocol);

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

    /// <summary>Kills it, and starts it again on the same ports: it has forgotten everything.</summary>
    public Task RestartAsync()
    {
        _process.Dispose();
        _process = _start();
        return StartedAsync();
    }

    public void Dispose()
    {
        _process.Dispose();
        _certificate.Dispose();
    }

    private static async Task<Coturn> StartAsync(NetworkNamespace? network, string address, params string[] credentials)
    {
        var coturn = new Coturn(network, address, credentials);
        try
        {
            await coturn.StartedAsync();
            return coturn;
        }
        catch
        {
            coturn.Dispose();
            throw;
        }
    }

    private Task<string> StartedAsync() => _process.WaitForAsync("Total General servers");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
