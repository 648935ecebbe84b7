using System.Collections.Immutable;
using WebRtcCore.Primitives;
using WebRtcCore.Transport;
using WebRtcCore.Transport.Sharing;

namespace WebRtcCore.Session;

/// <summary>The UDP sockets of one connection, one for each local address: the bases of its candidates. They follow the addresses of the machine.</summary>
/// <param name="context">The options and the lock.</param>
/// <param name="sink">Takes what the connection's own sockets receive.</param>
/// <param name="sharedSink">Takes what comes on sockets that are shared with other connections.</param>
internal sealed class CandidateSockets(ConnectionContext context, IDatagramSink sink, IDatagramSink sharedSink) : IAsyncDisposable
{
    private readonly List<string> _fragments = [];

    // Replaced as a whole: the loop reads while gathering may add.
    private ImmutableArray<IDatagramSocket> _endpoints = [];
    private ImmutableArray<SharedPortSocket> _shared = [];
    private ImmutableDictionary<TransportAddress, int> _costs = ImmutableDictionary<TransportAddress, int>.Empty;
    private bool _disposed;

    /// <summary>Whether some sockets are shared with other connections: then <see cref="Claim"/> is to be told of the peer's addresses.</summary>
    public bool IsShared => context.Options.SharedPorts is { HasUdp: true };

    /// <summary>The addresses of the host candidates, with the costs of their networks.</summary>
    public IReadOnlyList<LocalAddress> Bound =>
        [.. _endpoints.Where(endpoint => !IsShared || endpoint is SharedPortSocket).Select(endpoint => new LocalAddress(endpoint.LocalAddress, _costs.GetValueOrDefault(endpoint.LocalAddress)))];

    /// <summary>Binds a socket to each address that the options allow, and starts receiving. Addresses that cannot be bound are left out.</summary>
    /// <param name="wanted">The addresses.</param>
    /// <returns>What has been bound, with the cost of its network.</returns>
    public async Task<IReadOnlyList<LocalAddress>> BindAsync(IReadOnlyList<LocalAddress> wanted)
    {
        var bound = new List<LocalAddress>();
        foreach (var (address, cost) in wanted)
        {
            if (_endpoints.Any(endpoint => endpoint.LocalAddress.HasSameAddress(address)) || (IsShared ? Share(address) : TryBind(address)) is not { } endpoint)
            {
                continue;
            }

            if (!TryAdd(endpoint, cost))
            {
                await endpoint.DisposeAsync().ConfigureAwait(false);
                break;
            }

            bound.Add(new LocalAddress(endpoint.LocalAddress, cost));
            endpoint.Start(IsShared ? sharedSink : sink);
        }

        return bound;
    }

    /// <summary>Binds sockets of this connection's own for what cannot be shared: a TURN server takes one allocation from an address and port (RFC 8656, 5).</summary>
    /// <returns>Nothing where the other sockets are the connection's own anyway.</returns>
    public async Task<TransportAddress[]> BindForRelaysAsync(IReadOnlyList<LocalAddress> hosts)
    {
        var bound = new List<TransportAddress>();
        foreach (var (address, cost) in IsShared ? hosts : [])
        {
            if (TryBind(address.WithPort(0)) is not { } endpoint)
            {
                continue;
            }

            if (!TryAdd(endpoint, cost))
            {
                await endpoint.DisposeAsync().ConfigureAwait(false);
                break;
            }

            bound.Add(endpoint.LocalAddress);
            endpoint.Start(sink);
        }

        return [.. bound];
    }

    /// <summary>
    /// Closes the sockets whose addresses are not among <paramref name="present"/>. A shared port stays: it serves the address again when that comes back, and a server's
    /// peers keep asking for it.
    /// </summary>
    /// <returns>Their addresses.</returns>
    public async Task<IReadOnlyList<TransportAddress>> CloseOthersAsync(IReadOnlyList<LocalAddress> present)
    {
        ImmutableArray<IDatagramSocket> gone;
        lock (context.Gate)
        {
            gone = _endpoints.RemoveAll(endpoint => endpoint is SharedPortSocket || present.Any(local => local.Address.HasSameAddress(endpoint.LocalAddress)));
            _endpoints = _endpoints.RemoveRange(gone);
        }

        foreach (var endpoint in gone)
        {
            await endpoint.DisposeAsync().ConfigureAwait(false);
        }

        return [.. gone.Select(static endpoint => endpoint.LocalAddress)];
    }

    /// <summary>Checks that name this local user name fragment are for this connection. Any thread.</summary>
    public void AddFragment(string fragment)
    {
        lock (context.Gate)
        {
            _fragments.Add(fragment);
            foreach (var socket in _shared)
            {
                socket.AddFragment(fragment);
            }
        }
    }

    /// <summary>Tells the shared socket of a path that the peer is at its other end.</summary>
    public void Claim(in NetworkPath path, bool isProved)
    {
        foreach (var socket in _shared)
        {
            if (socket.LocalAddress == path.Local)
            {
                socket.Claim(path.Remote, isProved);
                return;
            }
        }
    }

    /// <summary>Sends from the socket that the path names; a path whose socket is gone sends nothing.</summary>
    /// <returns><see cref="SendOutcome.TooLarge"/> if the datagrams had to be cut into fragments; otherwise who sends need not know.</returns>
    public SendOutcome Send(ReadOnlySpan<byte> datagrams, int segmentSize, in NetworkPath path)
    {
        foreach (var endpoint in _endpoints)
        {
            if (endpoint.LocalAddress == path.Local)
            {
                if (datagrams.Length <= segmentSize)
                {
                    return endpoint.Send(datagrams, path.Remote) ? SendOutcome.Sent : SendOutcome.NotSent;
                }

                endpoint.SendBatch(datagrams, segmentSize, path.Remote);
                return endpoint.TakeTooLarge() ? SendOutcome.TooLarge : SendOutcome.Sent;
            }
        }

        return SendOutcome.NotSent;
    }

    /// <summary>Sends one datagram that must not, or may, be cut into fragments on its way, as <see cref="Send"/> does.</summary>
    public SendOutcome SendAlone(ReadOnlySpan<byte> datagram, TransmitKind kind, in NetworkPath path)
    {
        foreach (var endpoint in _endpoints)
        {
            if (endpoint.LocalAddress == path.Local)
            {
                return endpoint.SendAlone(datagram, kind, path.Remote);
            }
        }

        return SendOutcome.NotSent;
    }

    public async ValueTask DisposeAsync()
    {
        ImmutableArray<IDatagramSocket> endpoints;
        lock (context.Gate)
        {
            _disposed = true;
            endpoints = _endpoints;
            _endpoints = [];
            _shared = [];
        }

        foreach (var endpoint in endpoints)
        {
            await endpoint.DisposeAsync().ConfigureAwait(false);
        }
    }

    private SharedPortSocket? Share(TransportAddress address) => context.Options.SharedPorts!.AttachUdp(address);

    private IDatagramSocket? TryBind(TransportAddress address)
    {
        if (context.Options.SocketFactory is { } factory)
        {
            return factory(address);
        }

        var (first, last) = (context.Options.MinPort, context.Options.MaxPort);
        if (last == 0)
        {
            return TryBindTo(address);
        }

        // From a random port on, so that many connections do not all try the same ones first.
        var count = last - first + 1;
        var start = (int)(context.Random.NextDouble() * count);
        for (var i = 0; i < count; i++)
        {
            if (TryBindTo(address.WithPort(first + ((start + i) % count))) is { } endpoint)
            {
                return endpoint;
            }
        }

        return null;
    }

    private UdpEndpoint? TryBindTo(TransportAddress address) =>
        UdpEndpoint.TryBind(address, UdpEndpointOptions.Default, context.Options.TimeProvider, context.Logger);

    private bool TryAdd(IDatagramSocket endpoint, int cost)
    {
        lock (context.Gate)
        {
            if (!_disposed)
            {
                _costs = _costs.SetItem(endpoint.LocalAddress, cost);
                _endpoints = _endpoints.Add(endpoint);
                if (endpoint is SharedPortSocket shared)
                {
                    _shared = _shared.Add(shared);
                    _fragments.ForEach(shared.AddFragment);
                }
            }

            return !_disposed;
        }
    }
}
