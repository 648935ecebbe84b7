namespace WebRtcCore.Sctp.Receive;

/// <summary>
/// Brings complete messages into the order of delivery (RFC 9260, 6.6): unordered ones at once, ordered ones by their numbers, stream by stream. The table has
/// an entry per stream in use, at most as many as the association has incoming streams.
/// </summary>
internal sealed class MessageOrder
{
    private readonly Dictionary<ushort, IncomingStream> _streams = [];
    private readonly ReceiveBudget _budget;
    private readonly Queue<ReceivedMessage> _completed;
    private readonly bool _hasWideNumbers;
    private IncomingStream? _last;
    private ushort _lastId;

    /// <summary>Creates an empty table.</summary>
    /// <param name="budget">Told of every message until it is delivered.</param>
    /// <param name="completed">Where messages go, in the order of delivery.</param>
    /// <param name="hasWideNumbers">Whether numbers have 32 bits (I-DATA) instead of 16.</param>
    public MessageOrder(ReceiveBudget budget, Queue<ReceivedMessage> completed, bool hasWideNumbers)
    {
        _budget = budget;
        _completed = completed;
        _hasWideNumbers = hasWideNumbers;
    }

    /// <summary>A guess at the length of the stream's next message; 0 if there is nothing to go by.</summary>
    public int GuessLength(ushort streamId) => TryFind(streamId, out var stream) ? stream.LastLength : 0;

    /// <summary>Whether the turn of an ordered message is over: it was delivered or given up.</summary>
    public bool IsPast(ushort streamId, uint number) => TryFind(streamId, out var stream) && stream.DistanceOf(number) < 0;

    /// <summary>Takes a complete message, whose bytes the budget knows already.</summary>
    public void Add(in ReceivedMessage message, bool isUnordered, uint number)
    {
        _budget.Use(ReceiveBudget.MessageOverhead);
        var stream = GetStream(message.StreamId);
        stream.LastLength = message.Buffer?.Length ?? 0;
        if (isUnordered)
        {
            _completed.Enqueue(message);
            return;
        }

        var distance = stream.DistanceOf(number);
        if (distance == 0)
        {
            stream.MovePast(number);
            _completed.Enqueue(message);
            DeliverReady(stream);
        }
        else if (distance < 0)
        {
            Drop(message);
        }
        else if (stream.Park(number, message) is { } replaced)
        {
            Drop(replaced);
        }
    }

    /// <summary>RFC 3758 3.6: does not wait any longer for the stream's ordered messages up to <paramref name="number"/>.</summary>
    public void SkipTo(ushort streamId, uint number)
    {
        var stream = GetStream(streamId);
        if (stream.DistanceOf(number) < 0)
        {
            return;
        }

        // What is complete is not lost: it is delivered, in its order.
        if (!stream.IsEmpty)
        {
            foreach (var waiting in stream.GetWaitingUpTo(number))
            {
                if (stream.TryTake(waiting, out var message))
                {
                    _completed.Enqueue(message);
                }
            }
        }

        stream.MovePast(number);
        DeliverReady(stream);
    }

    /// <summary>RFC 6525 5.2.2: the stream's numbers begin at 0 again.</summary>
    public void ResetStream(ushort streamId)
    {
        if (!_streams.Remove(streamId, out var stream))
        {
            return;
        }

        _last = null;
        while (stream.TryTakeAny(out var message))
        {
            Drop(message);
        }
    }

    /// <summary>Resets every stream.</summary>
    public void ResetAllStreams()
    {
        foreach (var streamId in _streams.Keys.ToArray())
        {
            ResetStream(streamId);
        }
    }

    private void DeliverReady(IncomingStream stream)
    {
        while (!stream.IsEmpty && stream.TryTakeNext(out var message))
        {
            _completed.Enqueue(message);
        }
    }

    private void Drop(in ReceivedMessage message)
    {
        _budget.Free(message.Cost);
        message.Buffer?.Dispose();
    }

    private bool TryFind(ushort streamId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IncomingStream? stream)
    {
        if (_last is not null && _lastId == streamId)
        {
            stream = _last;
            return true;
        }

        return _streams.TryGetValue(streamId, out stream);
    }

    private IncomingStream GetStream(ushort streamId)
    {
        if (!TryFind(streamId, out var stream))
        {
            _streams[streamId] = stream = new IncomingStream(_hasWideNumbers);
        }

        _last = stream;
        _lastId = streamId;
        return stream;
    }
}
