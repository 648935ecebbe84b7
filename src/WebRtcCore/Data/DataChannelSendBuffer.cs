using WebRtcCore.Primitives;

namespace WebRtcCore;

/// <summary>
/// Counts what a channel has queued, and holds the senders that wait for room, first come, first served. The application adds on its threads, the loop takes
/// away on its own and lets in who waits.
/// </summary>
/// <param name="highWaterMark">Above this many bytes senders wait, until half of it is gone.</param>
/// <param name="limit">The most that may be queued, in bytes.</param>
/// <param name="enqueue">Queues a message of a sender that had to wait: the buffer, given, and whether it is text.</param>
internal sealed class DataChannelSendBuffer(long highWaterMark, long limit, Action<PooledBuffer, bool> enqueue)
{
    private readonly Lock _gate = new();

    // Guarded by the gate; the count is also read without it.
    private readonly LinkedList<WaitingSend> _waiting = new();
    private WaitingSend? _spare;
    private int _waitingCount;
    private bool _closed;

    private long _amount;
    private long _lowThreshold;

    /// <summary>Bytes queued and not yet handed to the network.</summary>
    public long Amount => Interlocked.Read(ref _amount);

    /// <summary>At or below this many bytes the buffer counts as low.</summary>
    public long LowThreshold
    {
        get => Interlocked.Read(ref _lowThreshold);
        set => Interlocked.Exchange(ref _lowThreshold, value);
    }

    /// <summary>Counts a message unless that would exceed the limit.</summary>
    public bool TryAdd(long bytes)
    {
        if (Interlocked.Add(ref _amount, bytes) <= limit)
        {
            return true;
        }

        Interlocked.Add(ref _amount, -bytes);
        return false;
    }

    /// <summary>Counts a message if there is room and nobody waits for it already; otherwise <see cref="SendWhenRoomAsync"/> is to be called.</summary>
    public bool TryAddAtOnce(long bytes) => Volatile.Read(ref _waitingCount) == 0 && Amount <= highWaterMark && TryAdd(bytes);

    /// <summary>
    /// Waits in line for room, then counts and queues the message. <paramref name="data"/> is borrowed until the task completes;
    /// <paramref name="given"/>, if there is one, is given and sent in its place.
    /// </summary>
    /// <returns><see langword="false"/> if the channel has closed meanwhile: nothing was queued.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; nothing was queued.</exception>
    public ValueTask<bool> SendWhenRoomAsync(ReadOnlyMemory<byte> data, PooledBuffer? given, bool isText, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_closed)
            {
                given?.Dispose();
                return ValueTask.FromResult(false);
            }

            var send = _spare ?? new WaitingSend(this);
            _spare = null;
            send.Set(data, given, isText);
            _waiting.AddLast(send.Node);
            Interlocked.Increment(ref _waitingCount);
            var task = send.Begin(cancellationToken);

            // The loop may have drained everything just before it could see that someone waits.
            LetIn();
            return task;
        }
    }

    /// <summary>Takes away what has gone to the network; answers whether the amount has just sunk to the low threshold.</summary>
    public bool Remove(long bytes)
    {
        var now = Interlocked.Add(ref _amount, -bytes);
        if (Volatile.Read(ref _waitingCount) > 0)
        {
            lock (_gate)
            {
                LetIn();
            }
        }

        var threshold = LowThreshold;
        return now <= threshold && now + bytes > threshold;
    }

    /// <summary>Sends away all who wait, now and later.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            while (_waiting.First is { } node)
            {
                Unlist(node);
                node.Value.Drop();
                node.Value.Complete(false);
            }
        }
    }

    // Waits for half of the mark, so that senders are woken for many messages at once; then goes on up to the mark. Under the gate.
    private void LetIn()
    {
        if (Amount > highWaterMark / 2)
        {
            return;
        }

        while (_waiting.First is { } node && Amount <= highWaterMark && TryAdd(node.Value.Length))
        {
            Unlist(node);
            enqueue(node.Value.TakeMessage(), node.Value.IsText);
            node.Value.Complete(true);
        }
    }

    private void Unlist(LinkedListNode<WaitingSend> node)
    {
        _waiting.Remove(node);
        Interlocked.Decrement(ref _waitingCount);
    }

    /// <summary>A message that waits for room, and its sender.</summary>
    private sealed class WaitingSend : PendingWait
    {
        private readonly DataChannelSendBuffer _buffer;
        private ReadOnlyMemory<byte> _data;
        private PooledBuffer? _given;

        public WaitingSend(DataChannelSendBuffer buffer)
            : base(buffer._gate)
        {
            _buffer = buffer;
            Node = new LinkedListNode<WaitingSend>(this);
        }

        public LinkedListNode<WaitingSend> Node { get; }

        public bool IsText { get; private set; }

        public int Length => _given?.Length ?? _data.Length;

        public void Set(ReadOnlyMemory<byte> data, PooledBuffer? given, bool isText)
        {
            _data = data;
            _given = given;
            IsText = isText;
        }

        public PooledBuffer TakeMessage()
        {
            var message = _given ?? PooledBuffer.CopyOf(_data.Span);
            _given = null;
            _data = default;
            return message;
        }

        public void Drop()
        {
            _given?.Dispose();
            _given = null;
            _data = default;
        }

        protected override void OnCancelled()
        {
            _buffer.Unlist(Node);
            Drop();

            // The one behind may be smaller.
            _buffer.LetIn();
        }

        protected override void OnConsumed()
        {
            lock (_buffer._gate)
            {
                _buffer._spare = this;
            }
        }
    }
}
