namespace WebRtcCore;

/// <summary>
/// Who has which stream id, and which is the next one that this side may choose: the DTLS client takes even ones, the server odd ones (RFC 8832, 6).
/// Guarded by the owner's lock.
/// </summary>
internal sealed class DataChannelIds
{
    /// <summary>The largest id; 65,535 is reserved.</summary>
    public const int MaxId = 65_534;

    private readonly Dictionary<int, object> _owners = [];

    // By parity.
    private readonly int[] _lowestFree = [0, 1];

    /// <summary>Takes a certain id; <see langword="false"/> if it is in use.</summary>
    public bool TryTake(int id, object owner) => _owners.TryAdd(id, owner);

    /// <summary>Takes the lowest free id that is this side's choice and below <paramref name="count"/>; <see langword="false"/> if there is none.</summary>
    public bool TryTakeFree(bool isDtlsClient, int count, object owner, out int id)
    {
        var parity = isDtlsClient ? 0 : 1;
        for (id = _lowestFree[parity]; id <= MaxId && id < count; id += 2)
        {
            if (_owners.TryAdd(id, owner))
            {
                _lowestFree[parity] = id + 2;
                return true;
            }
        }

        return false;
    }

    /// <summary>Notes an id that the peer has chosen; it may do so a moment before the end of the channel that had it is known here.</summary>
    public void Give(int id, object owner) => _owners[id] = owner;

    /// <summary>Makes an id free, if it is still the owner's.</summary>
    public void Release(int id, object owner)
    {
        if (_owners.TryGetValue(id, out var current) && ReferenceEquals(current, owner))
        {
            _owners.Remove(id);
            _lowestFree[id % 2] = Math.Min(_lowestFree[id % 2], id);
        }
    }
}
