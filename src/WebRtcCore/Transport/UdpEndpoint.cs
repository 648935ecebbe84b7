using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>
/// One bound UDP socket. Receiving is one asynchronous loop that allocates nothing per datagram: a busy socket completes its receive calls
/// synchronously, an idle one waits without a thread. Sending is synchronous and never waits. Errors of single datagrams (ICMP, no route, full buffer)
/// are counted and harm nothing.
/// </summary>
internal sealed class UdpEndpoint : IDatagramSocket
{
    private const int SioUdpConnReset = -1744830452;
    private const int SolSocket = 1;
    private const int SoReusePort = 15;
    private const int MaxErrorsInARow = 16;
    private const int MaxDatagramsInARow = 256;
    private static readonly TimeSpan ErrorPause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly UdpEndpointOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly SocketAddressMap _addresses;
    private readonly FragmentationSwitch _fragmentation;
    private Task _receiving = Task.CompletedTask;
    private volatile bool _canSendSegments;
    private volatile bool _isTooLarge;
    private int _isDisposed;
    private long _sent;
    private long _sentBytes;
    private long _received;
    private long _receivedBytes;
    private long _reportedSent;
    private long _reportedSentBytes;

    private UdpEndpoint(Socket socket, UdpEndpointOptions options, TimeProvider timeProvider, ILogger logger)
    {
        _socket = socket;
        _options = options;
        _addresses = new SocketAddressMap(options.AddressSlots);
        _timeProvider = timeProvider;
        _logger = logger;
        LocalAddress = TransportAddress.From((IPEndPoint)socket.LocalEndPoint!);
        _fragmentation = new FragmentationSwitch(socket, LocalAddress.IsIPv6);
        IsSegmenting = options.UseSegmentation && LinuxDatagrams.IsSupported && LinuxDatagrams.TryEnable(socket);
        _canSendSegments = IsSegmenting;
    }

    /// <summary>Whether several sockets can have one port here, each with its part of the peers.</summary>
    public static bool CanSharePort => OperatingSystem.IsLinux();

    /// <summary>Whether many datagrams travel per system call.</summary>
    public bool IsSegmenting { get; }

    /// <summary>Whether batches still leave in one call: an older kernel or a device without checksum offload ends that.</summary>
    public bool SendsSegments => _canSendSegments;

    /// <summary>The bound address with its port.</summary>
    public TransportAddress LocalAddress { get; }

    /// <summary>The socket, for whoever receives and sends many messages per call in place of this; what that does is to be told to <see cref="Count"/>.</summary>
    public SafeSocketHandle Handle => _socket.SafeHandle;

    /// <summary>Datagrams sent.</summary>
    public long DatagramsSent => Volatile.Read(ref _sent);

    /// <summary>Datagrams received.</summary>
    public long DatagramsReceived => Volatile.Read(ref _received);

    /// <summary>Binds a socket to one address of this machine.</summary>
    /// <param name="local">The address; port 0 takes a free one.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <returns>The endpoint, or <see langword="null"/> if the address cannot be bound: an interface that has just gone, a port in use.</returns>
    public static UdpEndpoint? TryBind(in TransportAddress local, UdpEndpointOptions options, TimeProvider timeProvider, ILogger logger)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(local.IsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            if (local.IsIPv6)
            {
                socket.DualMode = false;
            }

            if (OperatingSystem.IsWindows())
            {
                // Windows reports a peer's closed port as an error of the next receive call, whoever that was meant for.
                socket.IOControl(SioUdpConnReset, [0, 0, 0, 0], null);
            }

            socket.ReceiveBufferSize = options.SocketBufferSize;
            socket.SendBufferSize = options.SocketBufferSize;
            socket.Blocking = false;
            if (options.SharesPort && CanSharePort)
            {
                socket.SetRawSocketOption(SolSocket, SoReusePort, [1, 0, 0, 0]);
            }

            socket.Bind(local.ToIPEndPoint());
            var endpoint = new UdpEndpoint(socket, options, timeProvider, logger);
            Log.SocketBound(logger, Redact.Address(endpoint.LocalAddress));
            return endpoint;
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            Log.SocketNotBound(logger, Redact.Address(local), exception.SocketErrorCode);
            return null;
        }
    }

    /// <summary>Starts to receive, once.</summary>
    public void Start(IDatagramSink sink) => _receiving = Task.Run(() => ReceiveAsync(sink));

    /// <summary>Sends one datagram without waiting.</summary>
    /// <returns>Whether the kernel took it.</returns>
    public bool Send(ReadOnlySpan<byte> datagram, in TransportAddress remote)
    {
        if (remote.IsIPv6 != LocalAddress.IsIPv6 || remote.IsNone)
        {
            return false;
        }

        try
        {
            _socket.SendTo(datagram, SocketFlags.None, _addresses.Get(remote));
        }
        catch (SocketException exception)
        {
            OnSendFailed(exception.SocketErrorCode, remote);
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }

        Interlocked.Increment(ref _sent);
        Interlocked.Add(ref _sentBytes, datagram.Length);
        return true;
    }

    /// <summary>Sends datagrams that lie side by side: each of <paramref name="segmentSize"/> bytes, the last perhaps shorter.</summary>
    /// <returns>How many the kernel took.</returns>
    public int SendBatch(ReadOnlySpan<byte> datagrams, int segmentSize, in TransportAddress remote)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(segmentSize);
        var sent = 0;
        while (datagrams.Length > 0)
        {
            var segments = 1;
            if (_canSendSegments && datagrams.Length > segmentSize && TrySendSegments(datagrams, segmentSize, remote, out segments))
            {
                if (segments == 0)
                {
                    return sent;
                }
            }
            else if (!Send(datagrams[..Math.Min(segmentSize, datagrams.Length)], remote))
            {
                return sent;
            }

            sent += segments;
            datagrams = datagrams[Math.Min(segments * segmentSize, datagrams.Length)..];
        }

        return sent;
    }

    /// <summary>Sends one datagram that must not, or may, be cut into fragments on its way. Only one thread may send meanwhile.</summary>
    public SendOutcome SendAlone(ReadOnlySpan<byte> datagram, TransmitKind kind, in TransportAddress remote)
    {
        if (kind == TransmitKind.Normal)
        {
            return Send(datagram, remote) ? SendOutcome.Sent : SendOutcome.NotSent;
        }

        if (remote.IsIPv6 != LocalAddress.IsIPv6 || remote.IsNone)
        {
            return SendOutcome.NotSent;
        }

        try
        {
            if (!_fragmentation.TryEnter(kind) && kind == TransmitKind.Probe)
            {
                return SendOutcome.TooLarge;
            }

            _socket.SendTo(datagram, SocketFlags.None, _addresses.Get(remote));
            Interlocked.Increment(ref _sent);
            Interlocked.Add(ref _sentBytes, datagram.Length);
            return SendOutcome.Sent;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.MessageSize && kind == TransmitKind.Probe)
        {
            // An answer, not an error: the first link carries less.
            return SendOutcome.TooLarge;
        }
        catch (SocketException exception)
        {
            OnSendFailed(exception.SocketErrorCode, remote);
            return SendOutcome.NotSent;
        }
        catch (ObjectDisposedException)
        {
            return SendOutcome.NotSent;
        }
        finally
        {
            _fragmentation.Leave(kind);
        }
    }

    /// <inheritdoc/>
    public bool TakeTooLarge()
    {
        var isTooLarge = _isTooLarge;
        _isTooLarge = false;
        return isTooLarge;
    }

    /// <summary>Counts what went through <see cref="Handle"/>.</summary>
    public void Count(int received, long receivedBytes, int sent, long sentBytes)
    {
        if (received > 0)
        {
            Volatile.Write(ref _received, _received + received);
            _receivedBytes += receivedBytes;
            RtcMeter.Received(received, receivedBytes);
        }

        Interlocked.Add(ref _sent, sent);
        Interlocked.Add(ref _sentBytes, sentBytes);
    }

    /// <summary>Closes the socket and waits until the sink will not be called again. Must not be awaited by the sink.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _socket.Dispose();
            ReportSent();
            Log.SocketClosed(_logger, Redact.Address(LocalAddress), DatagramsReceived, DatagramsSent);
        }

        await _receiving.ConfigureAwait(false);
    }

    private async Task ReceiveAsync(IDatagramSink sink)
    {
        // One byte more than allowed: a datagram that fills the buffer has been cut off. Segments are only looked for here, not read.
        var buffer = new byte[IsSegmenting ? 1 : _options.MaxDatagramSize + 1];
        var from = SocketAddressMap.CreateBuffer(LocalAddress.IsIPv6);
        for (var errors = 0; Volatile.Read(ref _isDisposed) == 0;)
        {
            try
            {
                await (IsSegmenting ? ReceiveSegmentsAsync(sink, buffer, from) : ReceiveBatchesAsync(sink, buffer, from)).ConfigureAwait(false);
                errors = 0;

                // The socket has been busy for long enough: let others have the thread.
                await Task.Yield();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception) when (Volatile.Read(ref _isDisposed) == 0)
            {
                Log.ReceiveFailed(_logger, Redact.Address(LocalAddress), exception.SocketErrorCode);
                if (++errors >= MaxErrorsInARow)
                {
                    await Task.Delay(ErrorPause, _timeProvider).ConfigureAwait(false);
                }
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    // Receives until the socket has been busy for a while. The sink holds its turn from the first datagram of a batch to the batch's end, on this thread:
    // a batch therefore ends before every wait.
    private async Task ReceiveBatchesAsync(IDatagramSink sink, byte[] buffer, SocketAddress from)
    {
        var (count, bytes) = (0, 0L);
        try
        {
            for (var inARow = 0; inARow < MaxDatagramsInARow; inARow++)
            {
                var pending = _socket.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, from);
                if (!pending.IsCompleted || count == _options.MaxBatch)
                {
                    EndBatch(sink, count, bytes);
                    (count, bytes) = (0, 0L);
                    inARow = pending.IsCompleted ? inARow : 0;
                }

                var length = await pending.ConfigureAwait(false);
                count++;
                bytes += length;
                Deliver(sink, buffer.AsSpan(0, length), from);
            }
        }
        finally
        {
            EndBatch(sink, count, bytes);
        }
    }

    // As above, with a large buffer that is rented while there is something to read: an idle socket holds none.
    private async Task ReceiveSegmentsAsync(IDatagramSink sink, byte[] peek, SocketAddress from)
    {
        for (var received = 0; received < MaxDatagramsInARow;)
        {
            var pending = _socket.ReceiveFromAsync(peek.AsMemory(), SocketFlags.Peek, from);
            received = pending.IsCompleted ? received : 0;
            await pending.ConfigureAwait(false);
            received += ReadSegments(sink, from);
        }
    }

    private int ReadSegments(IDatagramSink sink, SocketAddress from)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LinuxDatagrams.MaxBytes);
        var (total, count, bytes) = (0, 0, 0L);
        try
        {
            while (total < MaxDatagramsInARow && LinuxDatagrams.IsSupported)
            {
                var length = LinuxDatagrams.Receive(_socket.SafeHandle, buffer, from.Buffer.Span, out var segmentSize);
                if (length < 0)
                {
                    return length == LinuxDatagrams.WouldBlock ? total : throw new SocketException((int)SocketError.SocketError);
                }

                bytes += length;
                for (var rest = buffer.AsSpan(0, length); ; rest = rest[segmentSize..])
                {
                    count++;
                    total++;
                    Deliver(sink, rest[..Math.Min(segmentSize, rest.Length)], from);
                    if (rest.Length <= segmentSize)
                    {
                        break;
                    }
                }

                if (count >= _options.MaxBatch)
                {
                    EndBatch(sink, count, bytes);
                    (count, bytes) = (0, 0L);
                }
            }

            return total;
        }
        finally
        {
            EndBatch(sink, count, bytes);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Whether the kernel could be asked to cut: segments is then how many datagrams it took, all of one call or none.
    private bool TrySendSegments(ReadOnlySpan<byte> datagrams, int segmentSize, in TransportAddress remote, out int segments)
    {
        segments = 1;
        if (!LinuxDatagrams.IsSupported || remote.IsIPv6 != LocalAddress.IsIPv6 || remote.IsNone || Volatile.Read(ref _isDisposed) != 0)
        {
            return false;
        }

        var most = Math.Min(LinuxDatagrams.MaxSegments, LinuxDatagrams.MaxBytes / segmentSize) * segmentSize;
        var chunk = datagrams[..Math.Min(most, datagrams.Length)];
        if (chunk.Length <= segmentSize)
        {
            return false;
        }

        int result;
        try
        {
            result = LinuxDatagrams.Send(_socket.SafeHandle, chunk, segmentSize, _addresses.Get(remote).Buffer.Span);
        }
        catch (ObjectDisposedException)
        {
            segments = 0;
            return true;
        }

        if (result >= 0)
        {
            segments = (chunk.Length + segmentSize - 1) / segmentSize;
            Interlocked.Add(ref _sent, segments);
            Interlocked.Add(ref _sentBytes, chunk.Length);
            return true;
        }

        if (result == LinuxDatagrams.WouldBlock)
        {
            segments = 0;
            OnSendFailed(SocketError.WouldBlock, remote);
            return true;
        }

        // Whatever it is, one by one the kernel says which datagram it minds.
        if (LinuxDatagrams.MeansTooLarge(result, segmentSize))
        {
            _isTooLarge = true;
        }
        else
        {
            _canSendSegments = !LinuxDatagrams.MeansCannotSegment(result);
        }

        return false;
    }

    private void Deliver(IDatagramSink sink, Span<byte> datagram, SocketAddress from)
    {
        if (datagram.Length > _options.MaxDatagramSize)
        {
            RtcMeter.Dropped(DropReason.Truncated);
            return;
        }

        var remote = SocketAddressMap.Read(from);
        if (!remote.IsNone)
        {
            sink.OnDatagram(datagram, new NetworkPath(LocalAddress, remote));
        }
    }

    private void EndBatch(IDatagramSink sink, int count, long bytes)
    {
        sink.OnBatchEnd();
        if (count == 0)
        {
            return;
        }

        Volatile.Write(ref _received, _received + count);
        _receivedBytes += bytes;
        RtcMeter.Received(count, bytes);
        ReportSent();
    }

    // Sending is reported with what is received: nobody sends for long without hearing something.
    private void ReportSent()
    {
        var sent = Volatile.Read(ref _sent);
        var sentBytes = Volatile.Read(ref _sentBytes);
        RtcMeter.Sent(sent - Interlocked.Exchange(ref _reportedSent, sent), sentBytes - Interlocked.Exchange(ref _reportedSentBytes, sentBytes));
    }

    private void OnSendFailed(SocketError error, in TransportAddress remote)
    {
        RtcMeter.Dropped(error is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable ? DropReason.SendBufferFull : DropReason.SendFailed);
        Log.SendFailed(_logger, Redact.Address(LocalAddress), Redact.Address(remote), error);
    }
}
