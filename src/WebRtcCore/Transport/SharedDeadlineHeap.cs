using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>Deadlines, the earliest first: a binary heap in which each knows its place, so that it can move and go.</summary>
internal sealed class SharedDeadlineHeap
{
    private readonly List<(Instant Due, SharedDeadline Deadline)> _entries = [];

    public int Count => _entries.Count;

    /// <summary>The earliest, or null.</summary>
    public Instant? First => _entries.Count > 0 ? _entries[0].Due : null;

    /// <summary>Puts a deadline in, or moves it.</summary>
    public void Set(SharedDeadline deadline, Instant due)
    {
        if (deadline.Index < 0)
        {
            deadline.Index = _entries.Count;
            _entries.Add((due, deadline));
        }

        Settle(deadline.Index, (due, deadline));
    }

    /// <summary>Takes the earliest out. There is one.</summary>
    public SharedDeadline TakeFirst()
    {
        var deadline = _entries[0].Deadline;
        Remove(deadline);
        return deadline;
    }

    /// <summary>Takes a deadline out, if it is in.</summary>
    public void Remove(SharedDeadline deadline)
    {
        var index = deadline.Index;
        if (index < 0)
        {
            return;
        }

        deadline.Index = -1;
        var last = _entries[^1];
        _entries.RemoveAt(_entries.Count - 1);
        if (index < _entries.Count)
        {
            Settle(index, last);
        }
    }

    // Finds the place of an entry from an index on that is free for it, upwards or downwards.
    private void Settle(int index, (Instant Due, SharedDeadline Deadline) entry)
    {
        for (var parent = (index - 1) / 2; index > 0 && entry.Due < _entries[parent].Due; parent = (index - 1) / 2)
        {
            Place(index, _entries[parent]);
            index = parent;
        }

        for (var child = (2 * index) + 1; child < _entries.Count; child = (2 * index) + 1)
        {
            if (child + 1 < _entries.Count && _entries[child + 1].Due < _entries[child].Due)
            {
                child++;
            }

            if (entry.Due <= _entries[child].Due)
            {
                break;
            }

            Place(index, _entries[child]);
            index = child;
        }

        Place(index, entry);
    }

    private void Place(int index, (Instant Due, SharedDeadline Deadline) entry)
    {
        _entries[index] = entry;
        entry.Deadline.Index = index;
    }
}
