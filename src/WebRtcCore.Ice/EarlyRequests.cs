using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>Authenticated checks that came before the peer's credentials: what their triggered checks need later (RFC 8445, 7.3.1.4). Bounded.</summary>
internal sealed class EarlyRequests(int capacity)
{
    private readonly List<CheckRequest> _entries = [];

    public IReadOnlyList<CheckRequest> Entries => _entries;

    /// <summary>Notes a check; one path keeps one entry. False if the table is full.</summary>
    public bool TryAdd(in CheckRequest check)
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Path == check.Path)
            {
                _entries[i] = check with { Nomination = Math.Max(check.Nomination, _entries[i].Nomination) };
                return true;
            }
        }

        if (_entries.Count >= capacity)
        {
            return false;
        }

        _entries.Add(check);
        return true;
    }

    public bool Contains(in NetworkPath path)
    {
        foreach (var entry in _entries)
        {
            if (entry.Path == path)
            {
                return true;
            }
        }

        return false;
    }

    public void Clear() => _entries.Clear();
}
