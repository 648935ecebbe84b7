using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;
using WebRtcCore.Transport.IceTcp;

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
    private readonly Dictionary<TransportAddress, CandidateListener> _tcp = [];
    private int _udpPort;
    private int _tcpPort;
    private bool _isDisposed;

    /// <summary>Binds the ports on every address that the options name.</summary>
    /// <exception cref="SocketException">One of them could be bound on none.</exception>
    public SharedPorts(PeerConnectionOptions options, PeerConnectionFactoryOptions ports, ILogger logger)
    {
        _options = options;
        _socketsPerAddress = ports.UdpSocketsPerAddress;
        _logger = logger;
        HasUdp = ports.UdpPort is not null;
        HasTcp = ports.TcpPort is not null;
        _udpPort = ports.UdpPort ?? 0;
        _tcpPort = ports.TcpPort ?? 0;
        foreach (var address in LocalAddresses.Select(options))
        {
            _ = HasUdp ? FindUdp(address) : null;
            _ = HasTcp ? FindTcp(address) : null;
        }

        if ((HasUdp && _udp.Count == 0) || (HasTcp && _tcp.Count == 0))
        {
            CloseUnused();
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        }
    }

    /// <summary>Whether the connections share a UDP port.</summary>
    public bool HasUdp { get; }

    /// <summary>Whether the connections share a TCP port.</summary>
    public bool HasTcp { get; }

    /// <summary>Which connection a peer on the TCP port means.</summary>
    public ConcurrentDictionary<UfragKey, CandidateStreams> TcpFragments { get; } = new();

    /// <summary>The bound TCP addresses.</summary>
    public IReadOnlyList<IPEndPoint> TcpEndPoints
    {
        get
        {
            lock (_gate)
            {
                return [.. _tcp.Values.Select(static listener => listener.LocalAddress.ToIPEndPoint())];
            }
        }
    }

    /// <summary>The bound UDP addresses.</summary>
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

    /// <summary>What the shared TCP port is on a local address; <see langword="null"/> if it cannot be bound.</summary>
    public TransportAddress? FindTcp(in TransportAddress address)
    {
        lock (_gate)
        {
            var key = address.WithPort(0);
            if (_isDisposed || _tcp.TryGetValue(key, out var listener))
            {
                return _isDisposed ? null : _tcp[key].LocalAddress;
            }

            listener = CandidateListener.TryBind(address.WithPort(_tcpPort), fragment => TcpFragments.GetValueOrDefault(fragment), _options.TimeProvider, _logger);
            if (listener is null)
            {
                return null;
            }

            _tcpPort = listener.LocalAddress.Port;
            _tcp.Add(key, listener);
            return listener.LocalAddress;
        }
    }

    /// <summary>Closes the sockets.</summary>
    public async ValueTask DisposeAsync()
    {
        SharedUdpSocket[] sockets;
        CandidateListener[] listeners;
        lock (_gate)
        {
            _isDisposed = true;
            sockets = [.. _udp.Values];
            listeners = [.. _tcp.Values];
            _udp.Clear();
            _tcp.Clear();
        }

        foreach (var listener in listeners)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var socket in sockets)
        {
            await socket.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Nobody uses them yet, so nothing has to be waited for.
    private void CloseUnused() => _ = DisposeAsync().AsTask();
}
