using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Transport.Sharing;

namespace WebRtcCore.Transport.IceTcp;

/// <summary>
/// Listens for peers that connect to passive TCP candidates (RFC 6544), for one connection or for many. A peer has to begin with a check that names a
/// connection's fragment, in one packet and soon, else it is closed without a word; so many may be at that stage, and so many of one address.
/// </summary>
internal sealed class CandidateListener : IAsyncDisposable
{
    /// <summary>How many may be connected that have not said yet whom they want.</summary>
    public const int MaxPending = 256;

    /// <summary>How many of them from one address.</summary>
    public const int MaxPendingOfAddress = 16;

    /// <summary>The longest first packet. No check is longer.</summary>
    public const int MaxFirstPacket = 1024;

    /// <summary>How long a peer may take to say whom it wants.</summary>
    public static readonly TimeSpan FirstPacketTimeout = TimeSpan.FromSeconds(5);

    private const int Backlog = 512;
    private static readonly TimeSpan ErrorPause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly Func<UfragKey, CandidateStreams?> _find;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _pendingByAddress = [];
    private readonly HashSet<Task> _pending = [];
    private Task _accepting = Task.CompletedTask;
    private long _refused;

    private CandidateListener(Socket socket, Func<UfragKey, CandidateStreams?> find, TimeProvider timeProvider, ILogger logger)
    {
        _socket = socket;
        _find = find;
        _timeProvider = timeProvider;
        _logger = logger;
        LocalAddress = TransportAddress.From((IPEndPoint)socket.LocalEndPoint!);
    }

    /// <summary>The address with its port.</summary>
    public TransportAddress LocalAddress { get; }

    /// <summary>Peers that were closed because they did not say whom they want, or wanted nobody here, or were too many.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Peers that have not said yet whom they want.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>Binds and listens.</summary>
    /// <param name="local">The address; port 0 takes a free one.</param>
    /// <param name="find">Finds the connection of a local fragment.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <returns><see langword="null"/> if the address cannot be bound.</returns>
    public static CandidateListener? TryBind(in TransportAddress local, Func<UfragKey, CandidateStreams?> find, TimeProvider timeProvider, ILogger logger)
    {
        var socket = new Socket(local.IsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (local.IsIPv6)
            {
                socket.DualMode = false;
            }

            socket.Bind(local.ToIPEndPoint());
            socket.Listen(Backlog);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            Log.SocketNotBound(logger, Redact.Address(local), exception.SocketErrorCode);
            return null;
        }

        var listener = new CandidateListener(socket, find, timeProvider, logger);
        listener._accepting = Task.Run(listener.AcceptAsync);
        return listener;
    }

    /// <summary>Stops to listen, and closes who has not said whom it wants. The others are their connections'.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        Task[] pending;
        lock (_gate)
        {
            pending = [.. _pending];
        }

        await Task.WhenAll(pending).ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_closing.Token).ConfigureAwait(false);
                Admit(socket);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // A peer that has gone again, or no more descriptors: the port stays open.
                Log.ReceiveFailed(_logger, Redact.Address(LocalAddress), exception.SocketErrorCode);
                await Task.Delay(ErrorPause, _timeProvider).ConfigureAwait(false);
            }
        }
    }

    private void Admit(Socket socket)
    {
        if (socket.RemoteEndPoint is not IPEndPoint remote)
        {
            Refuse(socket);
            return;
        }

        lock (_gate)
        {
            var ofAddress = _pendingByAddress.GetValueOrDefault(remote.Address);
            if (_pending.Count >= MaxPending || ofAddress >= MaxPendingOfAddress)
            {
                Refuse(socket);
                return;
            }

            _pendingByAddress[remote.Address] = ofAddress + 1;

            // Within the lock, so that it is in the set before it can leave it.
            var task = Task.Run(() => IdentifyAsync(socket, remote));
            _pending.Add(task);
            task.ContinueWith(t => Leave(t, remote.Address), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Leave(Task task, IPAddress address)
    {
        lock (_gate)
        {
            _pending.Remove(task);
            var left = _pendingByAddress[address] - 1;
            if (left == 0)
            {
                _pendingByAddress.Remove(address);
            }
            else
            {
                _pendingByAddress[address] = left;
            }
        }
    }

    private async Task IdentifyAsync(Socket socket, IPEndPoint remote)
    {
        socket.NoDelay = true;
        var reader = CandidateStream.ReaderOf(socket);
        if (await FindAsync(reader).ConfigureAwait(false) is { } streams
            && streams.TryAccept(socket, reader, new NetworkPath(LocalAddress, TransportAddress.From(remote), TransportProtocol.Tcp)))
        {
            return;
        }

        Interlocked.Increment(ref _refused);
        RtcMeter.Dropped(DropReason.UnknownSource);
        await reader.CompleteAsync().ConfigureAwait(false);
        socket.Dispose();
    }

    // The connection that the first packet is for. The packet stays in the reader.
    private async Task<CandidateStreams?> FindAsync(PipeReader reader)
    {
        var packet = new byte[MaxFirstPacket];
        using var deadline = new CancellationTokenSource(FirstPacketTimeout, _timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _closing.Token);
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(stop.Token).ConfigureAwait(false);
                var (buffer, skip) = (result.Buffer, 0);
                var outcome = PacketFraming.Cut(ref buffer, ref skip, packet, out var length);
                if (outcome != PacketFraming.Outcome.Incomplete || result.IsCompleted)
                {
                    reader.AdvanceTo(result.Buffer.Start);
                    return outcome == PacketFraming.Outcome.Packet && TryReadFragment(packet.AsSpan(0, length), out var key) ? _find(key) : null;
                }

                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static bool TryReadFragment(ReadOnlySpan<byte> packet, out UfragKey key)
    {
        key = default;
        return StunMessageView.TryParse(packet, out var message)
            && message is { Class: StunClass.Request, Method: StunMethod.Binding }
            && message.TryGetAttribute(StunAttributeType.Username, out var username)
            && UfragKey.TryRead(username, out key);
    }

    private void Refuse(Socket socket)
    {
        Interlocked.Increment(ref _refused);
        RtcMeter.Dropped(DropReason.UnknownSource);
        socket.Dispose();
    }
}
