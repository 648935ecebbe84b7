namespace WebRtcCore.Sctp.Send;

/// <summary>
/// Weighted fair queueing (RFC 8260, 3.6) by start times: each stream has a virtual time that its bytes move on, the slower the larger its weight, and the
/// one that is furthest behind is next. A stream that was idle joins at the present, so that it neither saves up its share nor waits for others.
/// </summary>
internal sealed class WeightedFairScheduler : IStreamScheduler
{
    // Virtual time is bytes by weight in units this small.
    private const int Resolution = 16;
    private readonly PriorityQueue<OutgoingStream, Turn> _queue = new();
    private long _now;
    private long _added;

    /// <inheritdoc/>
    public void Add(OutgoingStream stream) => _queue.Enqueue(stream, new Turn(Math.Max(_now, stream.VirtualTime), _added++));

    /// <inheritdoc/>
    public bool TryTake(out OutgoingStream stream)
    {
        if (!_queue.TryDequeue(out stream!, out var turn))
        {
            return false;
        }

        _now = turn.Start;
        return true;
    }

    /// <inheritdoc/>
    public void OnSent(OutgoingStream stream, int bytes) =>
        stream.VirtualTime = Math.Max(_now, stream.VirtualTime) + (((long)bytes << Resolution) / stream.Weight);

    /// <inheritdoc/>
    public void Clear() => _queue.Clear();

    /// <summary>When a stream's turn begins; among equals whoever came first.</summary>
    private readonly record struct Turn(long Start, long Order) : IComparable<Turn>
    {
        public int CompareTo(Turn other) => Start != other.Start ? Start.CompareTo(other.Start) : Order.CompareTo(other.Order);
    }
}
