using System.Runtime.CompilerServices;
using WebRtcCore.Primitives;

namespace WebRtcCore;

/// <summary>The bytes of an ordered, reliable channel; see <see cref="DataChannel.AsStream"/>.</summary>
internal sealed class DataChannelStream(DataChannel channel) : Stream
{
    // Long enough to cost little per message, short enough for every peer (RFC 8841 6.1) and to leave others their turn.
    private const int MaxPieceBytes = 65_536;
    private const string SynchronousUse = "Waiting for the network without blocking a thread needs the asynchronous methods: use ReadAsync and WriteAsync.";

    // Belong to whoever has entered a read.
    private PooledBuffer? _current;
    private int _offset;

    private int _isReading;
    private int _isDisposed;

    public override bool CanRead => !IsDisposed;

    public override bool CanWrite => !IsDisposed;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException("The stream has no length.");

    public override long Position
    {
        get => throw new NotSupportedException("The stream has no position.");
        set => throw new NotSupportedException("The stream has no position.");
    }

    private bool IsDisposed => Volatile.Read(ref _isDisposed) != 0;

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Reads what is there, or waits. A read of no bytes waits until there is something.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        EnterRead();
        try
        {
            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return 0;
            }

            var rest = _current!.Span[_offset..];
            var count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer.Span);
            Advance(count);
            return count;
        }
        finally
        {
            LeaveRead();
        }
    }

    /// <summary>Writes message after message as they are, without a buffer in between.</summary>
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ValidateCopyToArguments(destination, bufferSize);
        EnterRead();
        try
        {
            while (await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                var rest = _current!.Memory[_offset..];
                await destination.WriteAsync(rest, cancellationToken).ConfigureAwait(false);
                Advance(rest.Length);
            }
        }
        finally
        {
            LeaveRead();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Queues the bytes for sending; if it is cancelled, some of them may be on their way.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (channel.ReadyState == DataChannelState.Connecting)
            {
                await channel.WhenOpened.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            var pieceBytes = (int)Math.Min(MaxPieceBytes, channel.MaxMessageSize);
            while (!buffer.IsEmpty)
            {
                var length = Math.Min(buffer.Length, pieceBytes);
                await channel.SendAsync(buffer[..length], cancellationToken).ConfigureAwait(false);
                buffer = buffer[length..];
            }
        }
        catch (RtcException exception)
        {
            throw new IOException($"The channel takes nothing more: {exception.Message}", exception);
        }
    }

    /// <summary>Does nothing: what is written is under way, as with a socket.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException(SynchronousUse);

    public override int Read(Span<byte> buffer) => throw new NotSupportedException(SynchronousUse);

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException(SynchronousUse);

    public override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException(SynchronousUse);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The stream has no position.");

    public override void SetLength(long value) => throw new NotSupportedException("The stream has no length.");

    /// <summary>Closes the channel and waits until the peer has everything, or until the connection has ended. Never throws.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (TryDispose())
        {
            await channel.CloseAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Closes the channel; what was written is still delivered, if the connection lives on.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && TryDispose())
        {
            channel.Close();
        }

        base.Dispose(disposing);
    }

    private bool TryDispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return false;
        }

        channel.EndReading();
        if (Interlocked.Exchange(ref _isReading, 1) == 0)
        {
            ReleaseCurrent();
        }

        return true;
    }

    // Waits until there are bytes to read; false at the end.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (_current is null)
        {
            if (channel.TryTakeBuffer(out var message))
            {
                // An empty message is nothing in a stream.
                if (message.Length == 0)
                {
                    channel.Release(message);
                    continue;
                }

                _current = message;
                _offset = 0;
            }
            else if (!await channel.WaitForMessageAsync(cancellationToken).ConfigureAwait(false))
            {
                return channel.ReadError is { } error ? throw new IOException($"The channel ended before the peer closed it: {error.Message}", error) : false;
            }
        }

        return true;
    }

    private void Advance(int count)
    {
        _offset += count;
        if (_offset == _current!.Length)
        {
            ReleaseCurrent();
        }
    }

    private void ReleaseCurrent()
    {
        if (_current is { } message)
        {
            _current = null;
            channel.Release(message);
        }
    }

    private void EnterRead()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (Interlocked.Exchange(ref _isReading, 1) != 0)
        {
            throw new InvalidOperationException("One read at a time.");
        }
    }

    private void LeaveRead()
    {
        Volatile.Write(ref _isReading, 0);

        // Disposed meanwhile: the rest of the message is nobody's.
        if (IsDisposed && Interlocked.Exchange(ref _isReading, 1) == 0)
        {
            ReleaseCurrent();
        }
    }
}
