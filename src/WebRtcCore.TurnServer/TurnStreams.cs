using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;
using WebRtcCore.Transport;

namespace WebRtcCore;

/// <summary>The TCP and TLS connections of a server, by path.</summary>
internal sealed class TurnStreams(TurnServerOptions options, ILogger logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<NetworkPath, TurnStream> _streams = new();
    private ConnectionLoop? _loop;
    private TurnServerLoop? _handler;
    private volatile bool _isDisposed;

    public TurnServerOptions Options => options;

    public ILogger Logger => logger;

    public ConnectionLoop Loop => _loop!;

    /// <summary>Says who gets what clients send.</summary>
    public void Attach(ConnectionLoop loop, TurnServerLoop handler) => (_loop, _handler) = (loop, handler);

    /// <summary>Takes a connection that has been accepted.</summary>
    public void Add(Socket socket, TransportAddress local, X509Certificate2? certificate)
    {
        if (_isDisposed || _streams.Count >= options.MaxStreams || socket.RemoteEndPoint is not IPEndPoint remote)
        {
            socket.Dispose();
            return;
        }

        socket.NoDelay = true;
        var path = new NetworkPath(local, TransportAddress.From(remote), TransportProtocol.Tcp);
        var stream = new TurnStream(this, socket, path, certificate);
        if (!_streams.TryAdd(path, stream))
        {
            socket.Dispose();
            return;
        }

        stream.Start();
    }

    /// <summary>Sends whole messages to a client; what it is too slow for is lost, as UDP would lose it.</summary>
    public void Send(ReadOnlySpan<byte> messages, in NetworkPath path)
    {
        if (_streams.TryGetValue(path, out var stream))
        {
            stream.Send(messages);
        }
    }

    /// <summary>A connection has ended: so does its allocation.</summary>
    public void Remove(TurnStream stream)
    {
        var path = stream.Path;
        _streams.TryRemove(path, out _);
        var handler = _handler!;
        _loop!.Post(_ => handler.OnStreamEnd(path));
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        foreach (var stream in _streams.Values)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }
}
