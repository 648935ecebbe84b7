using WebRtcCore.Primitives;

namespace WebRtcCore;

/// <summary>
/// The received messages that nobody has taken yet. The loop adds; a handler, the events or one reader take. It needs no bound of its own:
/// what lies here is not credited to the association, so the peer stops when the receive window is full.
/// </summary>
internal sealed class DataChannelInbox
{
    private readonly Queue<(PooledBuffer Buffer, bool IsText)> _messages = new();
    private TaskCompletionSource? _arrival;
    private bool _completed;
    private bool _hasReader;

    /// <summary>Adds a message, which is given. After completion it is dropped.</summary>
    public void Add(PooledBuffer buffer, bool isText)
    {
        TaskCompletionSource? arrival;
        lock (_messages)
        {
            if (_completed)
            {
                buffer.Dispose();
                return;
            }

            _messages.Enqueue((buffer, isText));
            arrival = _arrival;
            _arrival = null;
        }

        arrival?.TrySetResult();
    }

    /// <summary>Takes the oldest message; the buffer is given.</summary>
    public bool TryTake(out PooledBuffer buffer, out bool isText)
    {
        lock (_messages)
        {
            if (_messages.TryDequeue(out var message))
            {
                (buffer, isText) = message;
                return true;
            }
        }

        buffer = null!;
        isText = false;
        return false;
    }

    /// <summary>Waits for a message; <see langword="false"/> when there is none and none will come.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        Task arrival;
        lock (_messages)
        {
            if (_messages.Count > 0)
            {
                return true;
            }

            if (_completed)
            {
                return false;
            }

            _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            arrival = _arrival.Task;
        }

        await arrival.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_messages)
        {
            return _messages.Count > 0;
        }
    }

    /// <summary>No message will come any more; those here can still be taken.</summary>
    public void Complete()
    {
        TaskCompletionSource? arrival;
        lock (_messages)
        {
            _completed = true;
            arrival = _arrival;
            _arrival = null;
        }

        arrival?.TrySetResult();
    }

    /// <summary>Claims the inbox for one reader; dispose of the claim to let another one in.</summary>
    /// <exception cref="InvalidOperationException">Someone else is reading.</exception>
    public IDisposable BeginReading()
    {
        lock (_messages)
        {
            if (_hasReader)
            {
                throw new InvalidOperationException("Someone else is reading this channel.");
            }

            _hasReader = true;
        }

        return new ReaderClaim(this);
    }

    private sealed class ReaderClaim(DataChannelInbox inbox) : IDisposable
    {
        public void Dispose()
        {
            lock (inbox._messages)
            {
                inbox._hasReader = false;
            }
        }
    }
}
