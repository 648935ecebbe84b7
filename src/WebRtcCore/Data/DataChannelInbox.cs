using WebRtcCore.Primitives;

namespace WebRtcCore;

/// <summary>
/// The received messages that nobody has taken yet. The loop adds; a handler, the events or one reader take. It needs no bound of its own:
/// what lies here is not credited to the association, so the peer stops when the receive window is full.
/// </summary>
internal sealed class DataChannelInbox
{
    private readonly Lock _gate = new();
    private readonly Queue<(PooledBuffer Buffer, bool IsText)> _messages = new();
    private readonly PendingWait _arrival;
    private bool _completed;
    private bool _hasReader;

    public DataChannelInbox() => _arrival = new PendingWait(_gate);

    /// <summary>Whether someone reads.</summary>
    public bool HasReader
    {
        get
        {
            lock (_gate)
            {
                return _hasReader;
            }
        }
    }

    /// <summary>Adds a message, which is given if the answer is <see langword="true"/>. After completion none is taken.</summary>
    public bool TryAdd(PooledBuffer buffer, bool isText)
    {
        lock (_gate)
        {
            if (_completed)
            {
                return false;
            }

            _messages.Enqueue((buffer, isText));
            _arrival.Complete(true);
            return true;
        }
    }

    /// <summary>Takes the oldest message; the buffer is given.</summary>
    public bool TryTake(out PooledBuffer buffer, out bool isText)
    {
        lock (_gate)
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

    /// <summary>Waits for a message; <see langword="false"/> when there is none and none will come. One caller at a time: the reader.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; no message is lost.</exception>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<bool>(cancellationToken);
            }

            return _messages.Count > 0 || _completed ? ValueTask.FromResult(_messages.Count > 0) : _arrival.Begin(cancellationToken);
        }
    }

    /// <summary>No message will come any more; those here can still be taken.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            _arrival.Complete(false);
        }
    }

    /// <summary>Claims the inbox for one reader, until <see cref="EndReading"/>.</summary>
    /// <exception cref="InvalidOperationException">Someone else is reading.</exception>
    public void BeginReading()
    {
        lock (_gate)
        {
            if (_hasReader)
            {
                throw new InvalidOperationException("Someone else is reading this channel.");
            }

            _hasReader = true;
        }
    }

    /// <summary>Lets another reader in; if the reader is waiting, that is over.</summary>
    public void EndReading()
    {
        lock (_gate)
        {
            _hasReader = false;
            _arrival.Complete(false);
        }
    }
}
