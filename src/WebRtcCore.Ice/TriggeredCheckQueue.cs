namespace WebRtcCore.Ice;

/// <summary>Pairs to be checked before any other, first in first out, each at most once (RFC 8445, 6.1.4.1).</summary>
internal sealed class TriggeredCheckQueue
{
    private readonly Queue<CandidatePair> _queue = new();
    private readonly HashSet<CandidatePair> _members = [];

    public bool IsEmpty => _queue.Count == 0;

    public void Enqueue(CandidatePair pair)
    {
        if (_members.Add(pair))
        {
            _queue.Enqueue(pair);
        }
    }

    public bool TryDequeue(out CandidatePair? pair)
    {
        if (!_queue.TryDequeue(out pair))
        {
            return false;
        }

        _members.Remove(pair);
        return true;
    }

    public void Clear()
    {
        _queue.Clear();
        _members.Clear();
    }
}
