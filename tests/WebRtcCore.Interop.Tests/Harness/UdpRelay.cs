using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>
/// A router with a NAT between a browser and a .NET peer, in this process and on 127.0.0.1, whose directions lose and delay what the test wants.
/// Each side learns an address of the relay in place of each candidate of the other, so that nothing can pass by the relay.
/// </summary>
internal sealed class UdpRelay : IDisposable
{
    private const int MaxDatagram = 65536;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<IPEndPoint, Front> _fronts = [];

    public UdpRelay()
    {
        int seed = TestContext.CurrentContext.Random.Next();
        TestContext.Out.WriteLine($"relay seed {seed}");
        ToDotNet = new RelayDirection(seed, _stop.Token);
        ToBrowser = new RelayDirection(seed + 1, _stop.Token);
    }

    public RelayDirection ToDotNet { get; }

    public RelayDirection ToBrowser { get; }

    /// <summary>The description of the .NET side, as JSON, for the browser.</summary>
    public string ForBrowser(string json) => Rewrite(json, ToDotNet, ToBrowser);

    /// <summary>The description of the browser, as JSON, for the .NET side.</summary>
    public string ForDotNet(string json) => Rewrite(json, ToBrowser, ToDotNet);

    public void Dispose()
    {
        _stop.Cancel();
        foreach (var front in _fronts.Values)
        {
            front.Dispose();
        }

        TestContext.Out.WriteLine($"relay: to .NET {ToDotNet.Passed} passed, {ToDotNet.Lost} lost; to the browser {ToBrowser.Passed} passed, {ToBrowser.Lost} lost");
        _stop.Dispose();
    }

    private string Rewrite(string json, RelayDirection there, RelayDirection back)
    {
        var description = SessionDescription.FromJson(json);
        var lines = description.Sdp.Split("\r\n").Select(l => l.StartsWith("a=candidate:", StringComparison.Ordinal) ? Replace(l, there, back) : l);
        return (description with { Sdp = string.Join("\r\n", lines.OfType<string>()) }).ToJson();
    }

    // candidate:<foundation> <component> <transport> <priority> <address> <port> typ ...; those that the relay cannot reach are left out.
    private string? Replace(string line, RelayDirection there, RelayDirection back)
    {
        string[] fields = line.Split(' ');
        if (fields[1] != "1" || !fields[2].Equals("udp", StringComparison.OrdinalIgnoreCase) || !IPAddress.TryParse(fields[4], out var address)
            || address.AddressFamily != AddressFamily.InterNetwork)
        {
            return null;
        }

        var target = new IPEndPoint(address, int.Parse(fields[5], CultureInfo.InvariantCulture));
        var front = _fronts.GetOrAdd(target, t => new Front(this, t, there, back)).Address;
        (fields[4], fields[5]) = ($"{front.Address}", $"{front.Port}");
        return string.Join(' ', fields);
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    // Datagrams for a port that has been closed come back as errors, on any later call; a router takes no notice of them.
    private static void Send(Socket socket, ReadOnlySpan<byte> datagram, EndPoint destination)
    {
        try
        {
            socket.SendTo(datagram, destination);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ReceiveAsync(Socket socket, Action<Memory<byte>, IPEndPoint> onDatagram)
    {
        var buffer = new byte[MaxDatagram];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                onDatagram(buffer.AsMemory(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint);
            }
            catch (SocketException)
            {
                // The error of an earlier Send.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    /// <summary>What stands for one candidate.</summary>
    private sealed class Front : IDisposable
    {
        private readonly UdpRelay _relay;
        private readonly IPEndPoint _target;
        private readonly RelayDirection _there;
        private readonly RelayDirection _back;
        private readonly Socket _socket = Bind();
        private readonly ConcurrentDictionary<IPEndPoint, Socket> _outer = [];

        public Front(UdpRelay relay, IPEndPoint target, RelayDirection there, RelayDirection back)
        {
            (_relay, _target, _there, _back) = (relay, target, there, back);
            _ = relay.ReceiveAsync(_socket, OnDatagram);
        }

        public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

        public void Dispose()
        {
            _socket.Dispose();
            foreach (var socket in _outer.Values)
            {
                socket.Dispose();
            }
        }

        private void OnDatagram(Memory<byte> datagram, IPEndPoint source)
        {
            var outer = _outer.GetOrAdd(source, OpenOuter);
            _there.Carry(datagram.Span, bytes => Send(outer, bytes, _target));
        }

        // As a NAT does: one port for each source, and back through the same.
        private Socket OpenOuter(IPEndPoint source)
        {
            var outer = Bind();
            _ = _relay.ReceiveAsync(outer, (datagram, _) => _back.Carry(datagram.Span, bytes => Send(_socket, bytes, source)));
            return outer;
        }
    }
}
