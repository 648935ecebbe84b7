using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using WebRtcCore.Linux;
using WebRtcCore.Primitives;

namespace WebRtcCore.LoadTest.Relay;

/// <summary>
/// Clients of a TURN server, a channel each, and a peer that returns what it gets: every packet crosses the server twice, and is followed by the next. One
/// thread, many packets per system call, so that the server is what takes the time.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class RelayLoad : IDisposable
{
    private const int PeerBatch = 64;

    // What is on its way to one peer must fit into the kernel's default buffer, or it is the load that loses packets.
    private const int ClientsPerPeer = 8;
    private const int MaxPacket = 1400;
    private static readonly TimeSpan StallLimit = TimeSpan.FromMilliseconds(100);

    private readonly List<Socket> _peers;
    private readonly List<RelayClient> _clients;
    private readonly int _window;
    private readonly ReceiveSlots _received = new(PeerBatch, MaxPacket);
    private readonly SendSlots _messages;
    private readonly SendSlots _replies;
    private readonly byte[] _data = GC.AllocateArray<byte>(MaxPacket, pinned: true);
    private readonly int _size;
    private long _checkedAt = Stopwatch.GetTimestamp();

    private RelayLoad(List<Socket> peers, List<RelayClient> clients, IPEndPoint server, int window, int size)
    {
        _peers = peers;
        _clients = clients;
        _window = window;
        _size = size;
        _messages = new SendSlots(PeerBatch, _data);
        _replies = new SendSlots(PeerBatch, _data);

        // All clients have the same channel, so all of them send the same message; the peer sends what is in it.
        Span<byte> address = stackalloc byte[LinuxAddress.MaxLength];
        var length = Stun.TurnChannelData.Complete(_data, RelayClient.Channel, size, isPadded: false);
        var addressLength = LinuxAddress.Write(TransportAddress.From(server), address);
        for (var i = 0; i < PeerBatch; i++)
        {
            _messages.Set(i, 0, length, length, address[..addressLength]);
        }
    }

    /// <summary>Packets that have come out of the server, in either direction.</summary>
    public long Relayed { get; private set; }

    /// <summary>Packets that have not.</summary>
    public long Lost { get; private set; }

    public static async Task<RelayLoad> ConnectAsync(IPEndPoint server, int clients, int window, int size)
    {
        var peers = new List<Socket>();
        var connected = new List<RelayClient>();
        for (var i = 0; i < clients; i++)
        {
            if (i % ClientsPerPeer == 0)
            {
                peers.Add(Open());
            }

            connected.Add(await RelayClient.ConnectAsync(server, TransportAddress.From((IPEndPoint)peers[^1].LocalEndPoint!)));
        }

        return new RelayLoad(peers, connected, server, window, size);
    }

    public static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20, SendBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>Lets packets go round for a time, and answers how long it was.</summary>
    public TimeSpan Run(TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            foreach (var client in _clients)
            {
                Serve(client);
            }

            foreach (var peer in _peers)
            {
                Serve(peer);
            }

            if (Stopwatch.GetElapsedTime(_checkedAt) > StallLimit)
            {
                _checkedAt = Stopwatch.GetTimestamp();
                Refill();
            }
        }

        return Stopwatch.GetElapsedTime(start);
    }

    public void Dispose()
    {
        _clients.ForEach(static client => client.Dispose());
        _peers.ForEach(static peer => peer.Dispose());
    }

    private void Serve(RelayClient client)
    {
        var count = _received.Receive(client.Socket.SafeHandle, _window);
        if (count > 0)
        {
            Relayed += count;
            client.Received += count;
            client.OnTheirWay -= count;
            Send(client, _window - client.OnTheirWay);
        }
    }

    private void Send(RelayClient client, int count)
    {
        if (count > 0)
        {
            client.OnTheirWay += Math.Max(0, _messages.Send(client.Socket.SafeHandle, 0, count));
        }
    }

    private void Serve(Socket peer)
    {
        var count = _received.Receive(peer.SafeHandle, PeerBatch);
        if (count <= 0)
        {
            return;
        }

        Relayed += count;
        for (var i = 0; i < count; i++)
        {
            _replies.Set(i, Stun.TurnChannelData.HeaderLength, _size, _size, _received.GetAddress(i)[..16]);
        }

        _replies.Send(peer.SafeHandle, 0, count);
    }

    // Whoever has heard nothing for a while has lost its packets.
    private void Refill()
    {
        foreach (var client in _clients)
        {
            if (client.Received == client.ReceivedBefore)
            {
                Lost += client.OnTheirWay;
                client.OnTheirWay = 0;
                Send(client, _window);
            }

            client.ReceivedBefore = client.Received;
        }
    }
}
