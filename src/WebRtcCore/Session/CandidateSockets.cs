using System.Collections.Immutable;
using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore.Session;

/// <summary>The UDP sockets of one connection, one for each local address: the bases of its candidates.</summary>
internal sealed class CandidateSockets(ConnectionContext context, IDatagramSink sink) : IAsyncDisposable
{
    // Replaced as a whole: the loop reads while gathering may add.
    private ImmutableArray<IDatagramSocket> _endpoints = [];
    private bool _disposed;

    /// <summary>Binds a socket to each address that the options allow, and starts receiving. Addresses that cannot be bound are left out.</summary>
    public async Task<TransportAddress[]> BindAsync()
    {
        var bound = new List<TransportAddress>();
        foreach (var address in LocalAddresses.Select(context.Options))
        {
            if (TryBind(address) is not { } endpoint)
            {
                continue;
            }

            if (!TryAdd(endpoint))
            {
                await endpoint.DisposeAsync().ConfigureAwait(false);
                break;
            }

            bound.Add(endpoint.LocalAddress);
            endpoint.Start(sink);
        }

        return [.. bound];
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
        }

        foreach (var endpoint in endpoints)
        {
            await endpoint.DisposeAsync().ConfigureAwait(false);
        }
    }

    private IDatagramSocket? TryBind(TransportAddress address) => context.Options.SocketFactory is { } factory
        ? factory(address)
        : UdpEndpoint.TryBind(address, UdpEndpointOptions.Default, context.Options.TimeProvider, context.Logger);

    private bool TryAdd(IDatagramSocket endpoint)
    {
        lock (context.Gate)
        {
            if (!_disposed)
            {
                _endpoints = _endpoints.Add(endpoint);
            }

            return !_disposed;
        }
    }
}
