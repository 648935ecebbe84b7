using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;
using WebRtcCore.Ice;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport.IceTcp;

/// <summary>The TCP connections of one connection to its peer: opened as the ICE agent wants, or accepted by a listener; sent to and closed.</summary>
/// <param name="sink">Where packets go.</param>
/// <param name="agent">Does something with the agent's streams on the loop, in the order of the calls.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Failures are logged.</param>
[SuppressMessage("Design", "CA1001", Justification = "It has DisposeAsync.")]
internal sealed class CandidateStreams(IDatagramSink sink, Action<Action<IceAgent, Instant>> agent, TimeProvider timeProvider, ILogger logger) : IAsyncDisposable
{
    /// <summary>How many the peer may have connected at a time.</summary>
    public const int MaxAccepted = 8;

    /// <summary>How long opening one may take.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a peer that has connected may take to prove that it has the password.</summary>
    public static readonly TimeSpan ProofTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Dictionary<NetworkPath, CancellationTokenSource> _opening = [];
    private readonly HashSet<Task> _tasks = [];

    // Replaced as a whole: the loop reads while a stream may be added.
    private ImmutableArray<CandidateStream> _streams = [];
    private bool _isDisposed;

    /// <summary>Whether there is one.</summary>
    public bool IsEmpty => _streams.IsEmpty;

    /// <summary>Opens or closes one.</summary>
    public void Handle(IceTcpRequest request) => Run(() => request.IsOpen ? OpenAsync(request.Path) : CloseAsync(request.Path));

    /// <summary>Takes over a socket that a peer has connected and whose first packet, still in the reader, names this connection. Any thread.</summary>
    /// <returns>False if it is refused: the caller closes it.</returns>
    public bool TryAccept(Socket socket, PipeReader reader, NetworkPath path)
    {
        lock (_gate)
        {
            if (_isDisposed || _streams.Count(static stream => stream.Path.Local.Port != IceTcpStreams.ActivePort) >= MaxAccepted)
            {
                return false;
            }

            // Within the lock, so that disposal either sees it or refuses it.
            var stream = new CandidateStream(socket, reader, path, timeProvider, logger);
            _streams = _streams.Add(stream);
            _tasks.Add(StartAcceptedAsync(stream));
            return true;
        }
    }

    /// <summary>Sends packets that lie side by side on the connection that the path names.</summary>
    /// <returns>False if there is none: the path is not one of these.</returns>
    public bool TrySend(ReadOnlySpan<byte> packets, int segmentSize, in NetworkPath path)
    {
        foreach (var stream in _streams)
        {
            if (stream.Path == path)
            {
                stream.Send(packets, segmentSize);
                return true;
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        Task[] tasks;
        ImmutableArray<CandidateStream> streams;
        lock (_gate)
        {
            _isDisposed = true;
            tasks = [.. _tasks];
            streams = _streams;
            _streams = [];
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(streams.Select(static stream => stream.DisposeAsync().AsTask()).Concat(tasks)).ConfigureAwait(false);
        _closing.Dispose();
    }

    private void Run(Func<Task> work)
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _tasks.RemoveWhere(static task => task.IsCompleted);
                _tasks.Add(work());
            }
        }
    }

    // The agent knows of it before its first packet comes.
    private async Task StartAcceptedAsync(CandidateStream stream)
    {
        await Task.Yield();
        var path = stream.Path;
        agent((ice, _) =>
        {
            if (!ice.Tcp.OnAccepted(path))
            {
                Run(() => CloseAsync(path));
            }
        });
        stream.Start(sink, OnEnded);
        try
        {
            await Task.Delay(ProofTimeout, timeProvider, _closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        agent((ice, now) =>
        {
            if (!ice.IsValidatedPath(path))
            {
                ice.Tcp.OnClosed(path, now);
                Run(() => CloseAsync(path));
            }
        });
    }

    private async Task OpenAsync(NetworkPath path)
    {
        // Connecting must not run on the loop, whose turn this is called in.
        await Task.Yield();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        lock (_gate)
        {
            _opening[path] = cancellation;
        }

        CandidateStream? stream = null;
        try
        {
            using var deadline = new CancellationTokenSource(ConnectTimeout, timeProvider);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation.Token, deadline.Token);
            stream = await ConnectAsync(path, stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Log.PeerStreamNotOpened(logger, Redact.Address(path.Remote), exception.Message);
        }

        var isKept = false;
        lock (_gate)
        {
            _opening.Remove(path);
            if (stream is not null && !_isDisposed && !cancellation.IsCancellationRequested)
            {
                _streams = _streams.Add(stream);
                isKept = true;
            }
        }

        if (isKept)
        {
            agent((ice, now) => ice.Tcp.OnOpened(path, now));
            stream!.Start(sink, OnEnded);
            return;
        }

        if (stream is not null)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }

        agent((ice, now) => ice.Tcp.OnClosed(path, now));
    }

    private async Task<CandidateStream> ConnectAsync(NetworkPath path, CancellationToken cancellationToken)
    {
        var socket = new Socket(path.Remote.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // From the candidate's address; the port is the system's choice.
            socket.Bind(path.Local.WithPort(0).ToIPEndPoint());
            await socket.ConnectAsync(path.Remote.ToIPEndPoint(), cancellationToken).ConfigureAwait(false);
            return new CandidateStream(socket, CandidateStream.ReaderOf(socket), path, timeProvider, logger);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void OnEnded(CandidateStream stream)
    {
        lock (_gate)
        {
            // Where everything is being disposed of, this one is already.
            if (!_isDisposed && _streams.Contains(stream))
            {
                _streams = _streams.Remove(stream);
                _tasks.Add(DisposeLaterAsync(stream));
            }
        }

        var path = stream.Path;
        agent((ice, now) => ice.Tcp.OnClosed(path, now));
    }

    // The caller is the loop that disposal waits for.
    private static async Task DisposeLaterAsync(CandidateStream stream)
    {
        await Task.Yield();
        await stream.DisposeAsync().ConfigureAwait(false);
    }

    private async Task CloseAsync(NetworkPath path)
    {
        CandidateStream? stream;
        lock (_gate)
        {
            stream = _streams.FirstOrDefault(s => s.Path == path);
            if (stream is not null)
            {
                _streams = _streams.Remove(stream);
            }

            if (_opening.TryGetValue(path, out var cancellation))
            {
                cancellation.Cancel();
            }
        }

        // Not on the loop: closing waits for the receive loop, which may be in the turn that this is called in.
        await Task.Yield();
        if (stream is not null)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }
}
