using System.Globalization;
using WebRtcCore.Interop.Tests.Dtls;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Interop.Tests.Harness.Networks;

namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>samples/TurnServer as its users run it, with the users of <see cref="Coturn"/>.</summary>
internal sealed class TurnServerProcess : ITurnPeer
{
    private readonly PeerProcess _process;
    private readonly string _address;

    private TurnServerProcess(PeerProcess process, string address)
    {
        _process = process;
        _address = address;
    }

    public int Port { get; private set; }

    public int TlsPort { get; private set; }

    public string Output => _process.Output;

    /// <summary>Starts it on loopback, or at an address of a network of the test.</summary>
    public static async Task<TurnServerProcess> StartAsync(NetworkNamespace? network = null, string address = "127.0.0.1", params string[] more)
    {
        var (program, before) = network is null ? ("dotnet", []) : network.Enter("dotnet");
        var process = new PeerProcess(
            program,
            [
                .. before, BuiltProgram.Sample("TurnServer"), "--Turn:Realm", "test.example", "--Turn:Listen:0", address, "--Turn:Port", "0", "--Turn:TlsPort", "0",
                "--Turn:Users:" + Coturn.Username, Coturn.Password, "--Turn:Secret", Coturn.Secret, .. more,
            ]);
        var server = new TurnServerProcess(process, address);
        try
        {
            server.Port = int.Parse(await process.WaitForAsync(@"^UDP and TCP: .*:(\d+)$"), CultureInfo.InvariantCulture);
            await process.WaitForAsync("^Ctrl-C ends");
            server.TlsPort = process.Capture(@"(?m)^TLS: .*:(\d+)$") is { Length: > 0 } port ? int.Parse(port, CultureInfo.InvariantCulture) : 0;
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public string Url(IceServerTransportProtocol protocol) => TurnUrl.Make(_address, Port, TlsPort, protocol);

    public void Dispose()
    {
        TestContext.Out.WriteLine(Output);
        _process.Dispose();
    }
}
