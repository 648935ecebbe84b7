namespace WebRtcCore.Transport;

/// <summary>
/// The queue of a loop: a ring that grows by doubling. Datagrams are bounded, since a peer makes them; commands are not, since the application does
/// and has its own limits. Not thread-safe: the loop guards it.
/// </summary>
internal sealed class LoopInbox(int maxDatagrams)
{
    private const int InitialCapacity = 8;
    private LoopItem[] _items = [];
    private int _head;
    private int _datagrams;

    /// <summary>Items waiting.</summary>
    public int Count { get; private set; }

    /// <summary>Whether another datagram would be one too many.</summary>
    public bool IsFull => _datagrams >= maxDatagrams;

    /// <summary>Adds an item; the caller has asked <see cref="IsFull"/> before adding a datagram.</summary>
    public void Enqueue(in LoopItem item)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        _items[(_head + Count) & (_items.Length - 1)] = item;
        Count++;
        _datagrams += item.IsDatagram ? 1 : 0;
    }

    /// <summary>Takes the oldest item.</summary>
    public bool TryDequeue(out LoopItem item)
    {
        if (Count == 0)
        {
            item = default;
            return false;
        }

        item = _items[_head];
        _items[_head] = default;
        _head = (_head + 1) & (_items.Length - 1);
        Count--;
        _datagrams -= item.IsDatagram ? 1 : 0;
        return true;
    }

    private void Grow()
    {
        var larger = new LoopItem[Math.Max(InitialCapacity, _items.Length * 2)];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = _items[(_head + i) & (_items.Length - 1)];
        }

        _items = larger;
        _head = 0;
    }
}
