using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport.Sharing;

/// <summary>The ports that the connections of one factory share: one socket for each local address. Addresses that come up later are bound when a connection asks. Thread-safe.</summary>
internal sealed class SharedPorts : IAsyncDisposable
{
    private readonly PeerConnectionOptions _options;
    private readonly int _socketsPerAddress;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly Dictionary<TransportAddress, SharedUdpSocket> _udp = [];
    private int _udpPort;
    private bool _isDisposed;

    /// <summary>Binds the UDP port on every address that the options name.</summary>
    /// <exception cref="SocketException">None could be bound.</exception>
    public SharedPorts(PeerConnectionOptions options, int udpPort, int socketsPerAddress, ILogger logger)
    {
        _options = options;
        _udpPort = udpPort;
        _socketsPerAddress = socketsPerAddress;
        _logger = logger;
        foreach (var address in LocalAddresses.Select(options))
        {
            FindUdp(address);
        }

        if (_udp.Count == 0)
        {
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }
    }

    /// <summary>The bound addresses.</summary>
    public IReadOnlyList<IPEndPoint> UdpEndPoints
    {
        get
        {
            lock (_gate)
            {
                return [.. _udp.Values.Select(static socket => socket.LocalAddress.ToIPEndPoint())];
            }
        }
    }

    /// <summary>Datagrams that were for no connection.</summary>
    public long StrangersDropped
    {
        get
        {
            lock (_gate)
            {
                return _udp.Values.Sum(static socket => socket.StrangersDropped);
            }
        }
    }

    /// <summary>The shared socket of a local address, whose port counts for nothing; <see langword="null"/> if it cannot be bound.</summary>
    public SharedUdpSocket? FindUdp(in TransportAddress address)
    {
        lock (_gate)
        {
            var key = address.WithPort(0);
            if (_isDisposed || _udp.TryGetValue(key, out var socket))
            {
                return _isDisposed ? null : _udp[key];
            }

            socket = SharedUdpSocket.TryBind(address.WithPort(_udpPort), _socketsPerAddress, _options.TimeProvider, _logger);
            if (socket is not null)
            {
                // A port that the system has chosen for the first address is the port of the others too.
                _udpPort = socket.LocalAddress.Port;
                _udp.Add(key, socket);
            }

            return socket;
        }
    }

    /// <summary>Closes the sockets.</summary>
    public async ValueTask DisposeAsync()
    {
        SharedUdpSocket[] sockets;
        lock (_gate)
        {
            _isDisposed = true;
            sockets = [.. _udp.Values];
            _udp.Clear();
        }

        foreach (var socket in sockets)
        {
            await socket.DisposeAsync().ConfigureAwait(false);
        }
    }
}
