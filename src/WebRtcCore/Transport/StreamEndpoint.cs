using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Transport;

/// <summary>
/// One byte stream to a TURN server, TCP or TLS, cut into its messages. Sending never waits: what the connection cannot take yet is queued up to a bound,
/// beyond which whole messages are dropped, as a full socket drops datagrams. A message that is too long is skipped; one that takes too long to come ends the stream.
/// </summary>
internal sealed class StreamEndpoint : IServerEndpoint
{
    /// <summary>The longest message taken, in bytes; longer ones are skipped. It holds the largest datagram that <see cref="UdpEndpoint"/> takes, wrapped.</summary>
    public const int MaxFrameLength = 2304;

    /// <summary>The most that waits to be sent, in bytes.</summary>
    public const int MaxQueuedBytes = 1024 * 1024;

    /// <summary>How long the rest of a message may take once its first byte is there.</summary>
    public static readonly TimeSpan FrameTimeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(1);

    private readonly Stream _stream;
    private readonly NetworkPath _path;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly StreamSendQueue _outgoing = new(MaxQueuedBytes);
    private readonly CancellationTokenSource _closing = new();
    private Task _reading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private int _isDisposed;
    private volatile bool _isClosed;

    /// <summary>Takes over a connected stream.</summary>
    public StreamEndpoint(Stream stream, NetworkPath path, TimeProvider timeProvider, ILogger logger)
    {
        _stream = stream;
        _path = path;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    /// <summary>The two ends; the protocol is TCP.</summary>
    public NetworkPath Path => _path;

    /// <summary>Begins to receive into <paramref name="sink"/>; <paramref name="onClosed"/> is called once, when the stream ends by itself. Called once.</summary>
    public void Start(IDatagramSink sink, Action onClosed)
    {
        _writing = WriteAsync();
        _reading = ReceiveAsync(sink, onClosed);
    }

    /// <summary>Queues whole messages that lie side by side; <see langword="false"/> if they were dropped. One caller at a time, and none after disposal.</summary>
    public bool Send(ReadOnlySpan<byte> messages)
    {
        if (!_outgoing.TryReserve(messages.Length))
        {
            return false;
        }

        _outgoing.Writer.Write(messages);
        _outgoing.Flush();
        return true;
    }

    /// <inheritdoc/>
    public bool Send(ReadOnlySpan<byte> messages, int messageSize) => Send(messages);

    /// <summary>Sends what is queued, within a second, and closes. A second call does nothing. Must not be awaited by the sink.</summary>
    public async ValueTask DisposeAsync()
    {
        Close();
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _outgoing.Complete();
        await Task.WhenAny(_writing, Task.Delay(FarewellTimeout, _timeProvider)).ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            await _outgoing.SendAsync(_stream, _closing.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The reading side notices too and tells.
            Close();
        }
    }

    [SuppressMessage("Reliability", "CA2025", Justification = "The reader is completed before the stream is disposed of.")]
    private async Task ReceiveAsync(IDatagramSink sink, Action onClosed)
    {
        var reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
        try
        {
            await ReceiveAsync(sink, reader).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            Log.StreamEnded(_logger, Redact.Address(_path.Remote), exception.GetType().Name);
        }

        await reader.CompleteAsync().ConfigureAwait(false);
        if (!_isClosed || !_closing.IsCancellationRequested)
        {
            Close();
            onClosed();
        }
    }

    private async Task ReceiveAsync(IDatagramSink sink, PipeReader reader)
    {
        var frame = new byte[MaxFrameLength];
        long? partialSince = null;
        var skip = 0L;
        while (true)
        {
            var pending = reader.ReadAsync(_closing.Token);
            var result = partialSince is { } since && !pending.IsCompleted
                ? await pending.AsTask().WaitAsync(Remaining(since), _timeProvider).ConfigureAwait(false)
                : await pending.ConfigureAwait(false);
            var buffer = result.Buffer;
            var count = 0;
            TurnStreamFrame.Outcome outcome;
            while ((outcome = TryCut(ref buffer, ref skip, frame, out var length)) is TurnStreamFrame.Outcome.Complete or TurnStreamFrame.Outcome.TooLong)
            {
                count++;
                if (outcome == TurnStreamFrame.Outcome.Complete)
                {
                    sink.OnDatagram(frame.AsSpan(0, length), _path);
                }
                else
                {
                    RtcMeter.Dropped(DropReason.Truncated);
                }
            }

            sink.OnBatchEnd();
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (outcome == TurnStreamFrame.Outcome.Invalid || result.IsCompleted)
            {
                Log.StreamEnded(_logger, Redact.Address(_path.Remote), outcome.ToString());
                return;
            }

            // A message that trickles in byte by byte does not get more time with each.
            partialSince = buffer.IsEmpty && skip == 0 ? null : count > 0 || partialSince is null ? _timeProvider.GetTimestamp() : partialSince;
        }
    }

    private void Close()
    {
        _isClosed = true;
        _outgoing.Close();
    }

    private TimeSpan Remaining(long since)
    {
        var rest = FrameTimeout - _timeProvider.GetElapsedTime(since);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    private static TurnStreamFrame.Outcome TryCut(ref ReadOnlySequence<byte> buffer, ref long skip, Span<byte> frame, out int length)
    {
        // What is left of a message that is too long is thrown away as it comes, so that it takes no memory.
        var skipped = Math.Min(skip, buffer.Length);
        buffer = buffer.Slice(skipped);
        skip -= skipped;
        Span<byte> prefix = stackalloc byte[TurnStreamFrame.PrefixLength];
        prefix = prefix[..(int)Math.Min(prefix.Length, buffer.Length)];
        buffer.Slice(0, prefix.Length).CopyTo(prefix);
        var outcome = TurnStreamFrame.Read(prefix, buffer.Length, MaxFrameLength, out length);
        if (outcome == TurnStreamFrame.Outcome.Complete)
        {
            buffer.Slice(0, length).CopyTo(frame);
            buffer = buffer.Slice(length);
        }
        else if (outcome == TurnStreamFrame.Outcome.TooLong)
        {
            skip = length;
        }

        return outcome;
    }

    private static bool IsEnd(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException or TimeoutException or AuthenticationException or InvalidOperationException;
}
