using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;
using WebRtcCore.Ice;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>The connections of one peer connection with its TURN servers, by TCP, TLS or DTLS: opened, sent to and closed as the ICE agent wants.</summary>
/// <param name="options">Certificate validation and clock.</param>
/// <param name="sink">Where messages go.</param>
/// <param name="opened">Told that a stream is open, with its local address.</param>
/// <param name="closed">Told that a stream could not be opened, or has ended.</param>
/// <param name="logger">Failures are logged.</param>
[SuppressMessage("Design", "CA1001", Justification = "It has DisposeAsync.")]
internal sealed class ServerStreams(
    PeerConnectionOptions options, IDatagramSink sink, Action<int, TransportAddress> opened, Action<int> closed, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Dictionary<int, CancellationTokenSource> _opening = [];
    private readonly List<Task> _tasks = [];

    // Replaced as a whole: the loop reads while a stream may be added.
    private ImmutableArray<(int Id, IServerEndpoint Endpoint)> _endpoints = [];
    private bool _isDisposed;

    /// <summary>Opens or closes a stream.</summary>
    public void Handle(IceStreamRequest request)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _tasks.RemoveAll(static task => task.IsCompleted);
            _tasks.Add(request.IsOpen ? OpenAsync(request) : CloseAsync(request.Id));
        }
    }

    /// <summary>Sends whole messages side by side, each of <paramref name="messageSize"/> bytes but the last, which may be shorter, on the connection that the path names; a path whose connection is gone sends nothing.</summary>
    public void Send(ReadOnlySpan<byte> messages, int messageSize, in NetworkPath path)
    {
        foreach (var (_, endpoint) in _endpoints)
        {
            if (endpoint.Path == path)
            {
                endpoint.Send(messages, messageSize);
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] tasks;
        ImmutableArray<(int Id, IServerEndpoint Endpoint)> endpoints;
        lock (_gate)
        {
            _isDisposed = true;
            tasks = [.. _tasks];
            endpoints = _endpoints;
            _endpoints = [];
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(endpoints.Select(static e => e.Endpoint.DisposeAsync().AsTask()).Concat(tasks)).ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task OpenAsync(IceStreamRequest request)
    {
        // Connecting must not run on the loop, whose turn this is called in.
        await Task.Yield();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        lock (_gate)
        {
            _opening[request.Id] = cancellation;
        }

        IServerEndpoint? endpoint = null;
        try
        {
            endpoint = request.Protocol == IceRelayProtocol.Dtls
                ? await DtlsServerEndpoint.ConnectAsync(request, options, logger, cancellation.Token).ConfigureAwait(false)
                : await ConnectAsync(request, cancellation.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException or OperationCanceledException or InvalidOperationException)
        {
            Log.StreamNotOpened(logger, Redact.Address(request.Remote), request.Protocol, exception.Message);
        }

        var isKept = false;
        lock (_gate)
        {
            _opening.Remove(request.Id);
            if (endpoint is not null && !_isDisposed && !cancellation.IsCancellationRequested)
            {
                _endpoints = _endpoints.Add((request.Id, endpoint));
                isKept = true;
            }
        }

        if (isKept)
        {
            opened(request.Id, endpoint!.Path.Local);
            endpoint.Start(sink, () => closed(request.Id));
            return;
        }

        if (endpoint is not null)
        {
            await endpoint.DisposeAsync().ConfigureAwait(false);
        }

        closed(request.Id);
    }

    private async Task<StreamEndpoint> ConnectAsync(IceStreamRequest request, CancellationToken cancellationToken)
    {
        var remote = request.Remote;
        var socket = new Socket(remote.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(remote.ToIPEndPoint(), cancellationToken).ConfigureAwait(false);
            var local = TransportAddress.From((System.Net.IPEndPoint)socket.LocalEndPoint!);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (request.Protocol == IceRelayProtocol.Tls)
            {
                var tls = new SslStream(stream, leaveInnerStreamOpen: false);
                stream = tls;
                await tls.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = request.HostName,
                        RemoteCertificateValidationCallback = options.ServerCertificateValidationCallback,
                    },
                    cancellationToken).ConfigureAwait(false);
            }

            return new StreamEndpoint(stream, new NetworkPath(local, remote, TransportProtocol.Tcp), options.TimeProvider, logger);
        }
        catch
        {
            socket.Dispose();
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private async Task CloseAsync(int id)
    {
        IServerEndpoint? endpoint;
        lock (_gate)
        {
            endpoint = _endpoints.FirstOrDefault(e => e.Id == id).Endpoint;
            _endpoints = _endpoints.RemoveAll(e => e.Id == id);
            if (_opening.TryGetValue(id, out var cancellation))
            {
                cancellation.Cancel();
            }
        }

        // Not on the loop: closing waits for the receive loop, which may be in the turn that this is called in.
        await Task.Yield();
        if (endpoint is not null)
        {
            await endpoint.DisposeAsync().ConfigureAwait(false);
        }
    }
}
