namespace WebRtcCore;

/// <summary>
/// Counts what a channel has queued and wakes senders that wait for room. The application adds on its threads, the loop takes away on its own.
/// </summary>
/// <param name="highWaterMark">Above this many bytes, <see cref="WaitForRoomAsync"/> waits until half of it is gone.</param>
internal sealed class DataChannelSendBuffer(long highWaterMark)
{
    private readonly Lock _gate = new();
    private long _amount;
    private long _lowThreshold;
    private TaskCompletionSource? _room;
    private bool _closed;

    /// <summary>Bytes queued and not yet handed to the network.</summary>
    public long Amount => Interlocked.Read(ref _amount);

    /// <summary>At or below this many bytes the buffer counts as low.</summary>
    public long LowThreshold
    {
        get => Interlocked.Read(ref _lowThreshold);
        set => Interlocked.Exchange(ref _lowThreshold, value);
    }

    /// <summary>Adds a message unless that would exceed <paramref name="limit"/>.</summary>
    public bool TryAdd(long bytes, long limit)
    {
        if (Interlocked.Add(ref _amount, bytes) <= limit)
        {
            return true;
        }

        Interlocked.Add(ref _amount, -bytes);
        return false;
    }

    /// <summary>Takes away what has gone to the network; answers whether the amount has just sunk to the low threshold.</summary>
    public bool Remove(long bytes)
    {
        var now = Interlocked.Add(ref _amount, -bytes);
        if (now <= highWaterMark / 2)
        {
            WakeSenders();
        }

        var threshold = LowThreshold;
        return now <= threshold && now + bytes > threshold;
    }

    /// <summary>Completes at once while the amount is within the high-water mark, otherwise when half of it is gone or the channel closes.</summary>
    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        if (Amount <= highWaterMark)
        {
            return ValueTask.CompletedTask;
        }

        Task room;
        lock (_gate)
        {
            if (_closed || Amount <= highWaterMark / 2)
            {
                return ValueTask.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _room.Task;
        }

        // The loop may have drained the queue between the two checks above and found nobody to wake.
        if (Amount <= highWaterMark / 2)
        {
            WakeSenders();
        }

        return new ValueTask(room.WaitAsync(cancellationToken));
    }

    /// <summary>Wakes all senders for good; they find the channel closed.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        WakeSenders();
    }

    private void WakeSenders()
    {
        if (Volatile.Read(ref _room) is null)
        {
            return;
        }

        TaskCompletionSource? room;
        lock (_gate)
        {
            room = _room;
            _room = null;
        }

        room?.TrySetResult();
    }
}
