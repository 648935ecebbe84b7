using System.Net;
using System.Net.Sockets;

namespace WebRtcCore.Interop.Tests.Harness.Networks;

/// <summary>A port on this machine's loopback that leads to the same port on the loopback of a network: for a program there that is driven over TCP.</summary>
internal sealed class NamespacePort : IDisposable
{
    private readonly NetworkNamespace _network;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public NamespacePort(NetworkNamespace network)
    {
        _network = network;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Number => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = PassAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task PassAsync(TcpClient near)
    {
        using (near)
        {
            try
            {
                using var far = _network.Connect(new IPEndPoint(IPAddress.Loopback, Number));
                await using var inside = new NetworkStream(far);
                var outside = near.GetStream();
                await Task.WhenAny(outside.CopyToAsync(inside), inside.CopyToAsync(outside));
            }
            catch (Exception e) when (e is SocketException or IOException or InvalidOperationException)
            {
                TestContext.Out.WriteLine($"Port {Number} of {_network.Name}: {e.Message}");
            }
        }
    }
}
