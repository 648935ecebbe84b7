using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport.IceTcp;

/// <summary>
/// One TCP connection to the peer, cut into packets (RFC 6544, RFC 4571). Sending never waits: what the peer does not take is queued up to a bound, beyond which
/// packets are dropped, as a full socket drops datagrams. What is too long is skipped.
/// </summary>
internal sealed class CandidateStream : IAsyncDisposable
{
    /// <summary>The longest packet taken, in bytes; longer ones are skipped.</summary>
    public const int MaxPacketLength = 2048;

    /// <summary>
    /// The most that waits to be sent, in bytes. A stream that is slower than its sender delays everything by this much, so it is little: some 250 ms at 8 Mbit/s.
    /// </summary>
    public const int MaxQueuedBytes = 256 * 1024;

    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly PipeReader _reader;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly StreamSendQueue _outgoing = new(MaxQueuedBytes);
    private readonly CancellationTokenSource _closing = new();
    private Task _reading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private int _isDisposed;
    private volatile bool _isClosed;

    /// <summary>Takes over a connected socket.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="reader">Reads it; it may have read something already.</param>
    /// <param name="path">The two ends as the agent knows them.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">The log.</param>
    public CandidateStream(Socket socket, PipeReader reader, NetworkPath path, TimeProvider timeProvider, ILogger logger)
    {
        _socket = socket;
        _reader = reader;
        Path = path;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    /// <summary>The two ends as the agent knows them.</summary>
    public NetworkPath Path { get; }

    /// <summary>Reads a socket without holding a buffer while nothing comes.</summary>
    public static PipeReader ReaderOf(Socket socket) =>
        PipeReader.Create(new NetworkStream(socket, ownsSocket: true), new StreamPipeReaderOptions(bufferSize: 4096, leaveOpen: false, useZeroByteReads: true));

    /// <summary>Begins to receive into <paramref name="sink"/>; <paramref name="onClosed"/> is called once, when the stream ends by itself. Called once.</summary>
    public void Start(IDatagramSink sink, Action<CandidateStream> onClosed)
    {
        _writing = WriteAsync();
        _reading = ReceiveAsync(sink, onClosed);
    }

    /// <summary>Queues packets that lie side by side, each of <paramref name="segmentSize"/> bytes but the last; <see langword="false"/> if some were dropped. One caller at a time.</summary>
    public bool Send(ReadOnlySpan<byte> packets, int segmentSize)
    {
        lock (_outgoing)
        {
            return SendAll(packets, segmentSize);
        }
    }

    /// <summary>Sends what is queued, within a second, and closes. A second call does nothing. Must not be awaited by the sink.</summary>
    public async ValueTask DisposeAsync()
    {
        Close();
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        lock (_outgoing)
        {
            _outgoing.Complete();
        }

        await Task.WhenAny(_writing, Task.Delay(FarewellTimeout, _timeProvider)).ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _writing.ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _closing.Dispose();
    }

    private bool SendAll(ReadOnlySpan<byte> packets, int segmentSize)
    {
        while (packets.Length > 0)
        {
            var packet = packets[..Math.Min(segmentSize, packets.Length)];
            packets = packets[packet.Length..];
            if (!_outgoing.TryReserve(packet.Length + PacketFraming.PrefixLength))
            {
                _outgoing.Flush();
                return false;
            }

            PacketFraming.Write(_outgoing.Writer, packet);
        }

        _outgoing.Flush();
        return true;
    }

    private async Task WriteAsync()
    {
        try
        {
            var stream = new NetworkStream(_socket, ownsSocket: false);
            await using (stream.ConfigureAwait(false))
            {
                await _outgoing.SendAsync(stream, _closing.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The reading side notices too and tells.
            Close();
        }
    }

    [SuppressMessage("Reliability", "CA2025", Justification = "The reader is completed before the socket is disposed of for good.")]
    private async Task ReceiveAsync(IDatagramSink sink, Action<CandidateStream> onClosed)
    {
        try
        {
            await ReceiveAsync(sink).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            Log.StreamEnded(_logger, Redact.Address(Path.Remote), exception.GetType().Name);
        }

        await _reader.CompleteAsync().ConfigureAwait(false);
        if (!_isClosed || Volatile.Read(ref _isDisposed) == 0)
        {
            Close();
            onClosed(this);
        }
    }

    private async Task ReceiveAsync(IDatagramSink sink)
    {
        var packet = new byte[MaxPacketLength];
        var skip = 0;
        while (true)
        {
            var result = await _reader.ReadAsync(_closing.Token).ConfigureAwait(false);
            var buffer = result.Buffer;
            PacketFraming.Outcome outcome;
            while ((outcome = PacketFraming.Cut(ref buffer, ref skip, packet, out var length)) != PacketFraming.Outcome.Incomplete)
            {
                if (outcome == PacketFraming.Outcome.Packet)
                {
                    sink.OnDatagram(packet.AsSpan(0, length), Path);
                }
                else
                {
                    RtcMeter.Dropped(DropReason.Truncated);
                }
            }

            sink.OnBatchEnd();
            _reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private void Close()
    {
        _isClosed = true;
        _outgoing.Close();
    }

    private static bool IsEnd(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;
}
