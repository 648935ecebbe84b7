using WebRtcCore.Primitives;

namespace WebRtcCore.Transport.Sharing;

/// <summary>
/// What is bound on the local addresses asked for last. A machine whose addresses change, as temporary IPv6 ones do daily, would else have a socket on each
/// address it ever had. Not thread-safe.
/// </summary>
/// <typeparam name="T">What is bound.</typeparam>
/// <param name="isIdle">Whether one may give way.</param>
internal sealed class RecentAddresses<T>(Func<T, bool> isIdle)
    where T : class
{
    /// <summary>How many are kept: several times as many as one connection uses.</summary>
    public const int MaxAddresses = 4 * LocalAddresses.MaxAddresses;

    // The one asked for longest ago is the first.
    private readonly OrderedDictionary<TransportAddress, T> _byAddress = [];

    /// <summary>How many there are.</summary>
    public int Count => _byAddress.Count;

    /// <summary>All of them.</summary>
    public IReadOnlyList<T> Values => _byAddress.Values;

    /// <summary>What is bound on an address, which becomes the one asked for last.</summary>
    public T? Find(in TransportAddress address)
    {
        if (_byAddress.Remove(address, out var found))
        {
            _byAddress.Add(address, found);
        }

        return found;
    }

    /// <summary>Makes room for one more.</summary>
    /// <param name="evicted">What gave way, if anything had to: the idle one asked for longest ago. The caller closes it.</param>
    /// <returns><see langword="false"/> if none of them is idle.</returns>
    public bool TryMakeRoom(out T? evicted)
    {
        evicted = null;
        if (_byAddress.Count < MaxAddresses)
        {
            return true;
        }

        for (var i = 0; i < _byAddress.Count; i++)
        {
            var (_, candidate) = _byAddress.GetAt(i);
            if (isIdle(candidate))
            {
                _byAddress.RemoveAt(i);
                evicted = candidate;
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds what has been bound; there is room.</summary>
    public void Add(in TransportAddress address, T bound) => _byAddress.Add(address, bound);

    /// <summary>Forgets all of them.</summary>
    public void Clear() => _byAddress.Clear();
}
