using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>The allocations of a relay: by client, by relayed address, by user, and by when they end; and the ports kept back for others to come.</summary>
internal sealed class TurnAllocationTable(TurnRelayOptions options, ITurnRelayPorts ports)
{
    private static readonly TimeSpan ReservationLifetime = TimeSpan.FromSeconds(30);
    private readonly Dictionary<NetworkPath, TurnAllocation> _byClient = [];
    private readonly Dictionary<TransportAddress, TurnAllocation> _byRelayed = [];
    private readonly Dictionary<string, int> _perUser = [];
    private readonly Dictionary<ulong, (TransportAddress Address, Instant ExpiresAt)> _reservations = [];

    // One entry for each allocation, moved when its lifetime changes: a client that shortens and prolongs without end makes nothing grow.
    private readonly SortedSet<TurnAllocation> _byExpiry = new(Comparer<TurnAllocation>.Create(static (a, b) =>
        a.ExpiresAt != b.ExpiresAt ? a.ExpiresAt.CompareTo(b.ExpiresAt) : a.Order.CompareTo(b.Order)));

    private long _made;

    public int Count => _byClient.Count;

    /// <summary>When <see cref="RemoveExpired"/> may have something to do.</summary>
    public Instant? NextExpiry
    {
        get
        {
            Instant? next = _byExpiry.Min?.ExpiresAt;
            foreach (var (_, expiresAt) in _reservations.Values)
            {
                next = Instant.Earliest(next, expiresAt);
            }

            return next;
        }
    }

    public bool HasRoom => _byClient.Count < options.MaxAllocations;

    public bool HasRoomFor(string username) => _perUser.GetValueOrDefault(username) < options.MaxAllocationsPerUser;

    public TurnAllocation? Find(in NetworkPath client) => _byClient.GetValueOrDefault(client);

    public TurnAllocation? FindRelayed(TransportAddress relayed) => _byRelayed.GetValueOrDefault(relayed);

    public void Add(TurnAllocation allocation, Instant expiresAt)
    {
        _byClient.Add(allocation.Client, allocation);
        _perUser[allocation.Username] = _perUser.GetValueOrDefault(allocation.Username) + 1;
        foreach (var relayed in allocation.RelayedAddresses)
        {
            _byRelayed.Add(relayed, allocation);
        }

        allocation.Order = ++_made;
        allocation.ExpiresAt = expiresAt;
        _byExpiry.Add(allocation);
    }

    /// <summary>Gives an allocation another end, later or earlier.</summary>
    public void Prolong(TurnAllocation allocation, Instant expiresAt)
    {
        _byExpiry.Remove(allocation);
        allocation.ExpiresAt = expiresAt;
        _byExpiry.Add(allocation);
    }

    public void Remove(TurnAllocation allocation)
    {
        if (!_byClient.Remove(allocation.Client))
        {
            return;
        }

        _byExpiry.Remove(allocation);
        if (--_perUser[allocation.Username] == 0)
        {
            _perUser.Remove(allocation.Username);
        }

        foreach (var relayed in allocation.RelayedAddresses)
        {
            _byRelayed.Remove(relayed);
            ports.Close(relayed);
        }
    }

    /// <summary>Keeps an open address back for the client that shows the token (RFC 8656, 7.2: at least 30 seconds).</summary>
    public void Reserve(ulong token, TransportAddress address, Instant now) => _reservations[token] = (address, now + ReservationLifetime);

    public bool TryTakeReserved(ulong token, Instant now, out TransportAddress address)
    {
        address = default;
        if (!_reservations.TryGetValue(token, out var reserved) || reserved.ExpiresAt <= now)
        {
            return false;
        }

        address = reserved.Address;
        return _reservations.Remove(token);
    }

    /// <summary>Ends what has run out.</summary>
    public void RemoveExpired(Instant now)
    {
        while (_byExpiry.Min is { } first && first.ExpiresAt <= now)
        {
            Remove(first);
        }

        foreach (var (token, (address, expiresAt)) in _reservations)
        {
            if (expiresAt <= now)
            {
                _reservations.Remove(token);
                ports.Close(address);
            }
        }
    }

    public void Clear()
    {
        foreach (var allocation in _byClient.Values.ToArray())
        {
            Remove(allocation);
        }

        foreach (var (address, _) in _reservations.Values)
        {
            ports.Close(address);
        }

        _reservations.Clear();
    }
}
