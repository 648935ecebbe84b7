using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;
using WebRtcCore.Transport.IceTcp;

namespace WebRtcCore.Transport.Sharing;

/// <summary>
/// The ports that the connections of one factory share: one socket for each local address, of <see cref="RecentAddresses{T}.MaxAddresses"/> at most. Addresses
/// that come up later are bound when a connection asks. Thread-safe.
/// </summary>
internal sealed class SharedPorts : IAsyncDisposable
{
    private readonly PeerConnectionOptions _options;
    private readonly int _socketsPerAddress;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly RecentAddresses<SharedUdpSocket> _udp = new(static socket => socket.Attached == 0);
    private readonly RecentAddresses<CandidateListener> _tcp = new(static _ => true);
    private Task _closing = Task.CompletedTask;
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

    /// <summary>A share of the socket of a local address, whose port counts for nothing; <see langword="null"/> if it cannot be bound.</summary>
    public SharedPortSocket? AttachUdp(in TransportAddress address)
    {
        // Under the gate, so that the socket does not give way to another before it is in use.
        lock (_gate)
        {
            return FindUdp(address)?.Attach();
        }
    }

    /// <summary>The shared socket of a local address, whose port counts for nothing; <see langword="null"/> if it cannot be bound.</summary>
    public SharedUdpSocket? FindUdp(in TransportAddress address)
    {
        lock (_gate)
        {
            var key = address.WithPort(0);
            if (_isDisposed)
            {
                return null;
            }

            if (_udp.Find(key) is { } known)
            {
                return known;
            }

            if (SharedUdpSocket.TryBind(address.WithPort(_udpPort), _socketsPerAddress, _options.TimeProvider, _logger) is not { } socket)
            {
                return null;
            }

            // A port that the system has chosen for the first address is the port of the others too.
            _udpPort = socket.LocalAddress.Port;
            return Keep(_udp, key, socket);
        }
    }

    /// <summary>What the shared TCP port is on a local address; <see langword="null"/> if it cannot be bound.</summary>
    public TransportAddress? FindTcp(in TransportAddress address)
    {
        lock (_gate)
        {
            var key = address.WithPort(0);
            if (_isDisposed)
            {
                return null;
            }

            if (_tcp.Find(key) is { } known)
            {
                return known.LocalAddress;
            }

            if (CandidateListener.TryBind(address.WithPort(_tcpPort), fragment => TcpFragments.GetValueOrDefault(fragment), _options.TimeProvider, _logger) is not { } listener)
            {
                return null;
            }

            _tcpPort = listener.LocalAddress.Port;
            return Keep(_tcp, key, listener)?.LocalAddress;
        }
    }

    /// <summary>Closes the sockets.</summary>
    public async ValueTask DisposeAsync()
    {
        SharedUdpSocket[] sockets;
        CandidateListener[] listeners;
        Task closing;
        lock (_gate)
        {
            _isDisposed = true;
            sockets = [.. _udp.Values];
            listeners = [.. _tcp.Values];
            closing = _closing;
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

        await closing.ConfigureAwait(false);
    }

    // What is bound in vain, and what gives way, is closed elsewhere: that waits for what it is receiving.
    private T? Keep<T>(RecentAddresses<T> addresses, in TransportAddress key, T bound)
        where T : class, IAsyncDisposable
    {
        var hasRoom = addresses.TryMakeRoom(out var evicted);
        if (hasRoom)
        {
            addresses.Add(key, bound);
        }

        if ((hasRoom ? evicted : bound) is { } unused)
        {
            _closing = Task.WhenAll(_closing, Task.Run(async () => await unused.DisposeAsync().ConfigureAwait(false)));
        }

        return hasRoom ? bound : null;
    }

    // Nobody uses them yet, so nothing has to be waited for.
    private void CloseUnused() => _ = DisposeAsync().AsTask();
}
