using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>What a client has at a relay: relayed addresses, permissions, channels (RFC 8656, 6).</summary>
internal sealed class TurnAllocation
{
    public static readonly TimeSpan PermissionLifetime = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan ChannelLifetime = TimeSpan.FromMinutes(10);

    // By address without port, canonical.
    private readonly Dictionary<TransportAddress, Instant> _permissions = [];
    private readonly Dictionary<TurnChannel, TurnChannelBinding> _channels = [];
    private readonly Dictionary<TransportAddress, TurnChannelBinding> _channelsByPeer = [];
    private readonly TurnRelayOptions _options;
    private TokenBucket _toPeers;
    private TokenBucket _toClient;

    public TurnAllocation(NetworkPath client, string username, StunTransactionId transactionId, TurnRelayOptions options)
    {
        Client = client;
        Username = username;
        TransactionId = transactionId;
        _options = options;
        _toPeers = new TokenBucket(options.MaxBytesPerSecond ?? 0);
        _toClient = new TokenBucket(options.MaxBytesPerSecond ?? 0);
    }

    /// <summary>The five-tuple, as seen from here.</summary>
    public NetworkPath Client { get; }

    public string Username { get; }

    /// <summary>Of the request that made it: another request with this id is its retransmission.</summary>
    public StunTransactionId TransactionId { get; }

    public TransportAddress Relayed4 { get; set; }

    public TransportAddress Relayed6 { get; set; }

    /// <summary>The one or two relayed addresses that there are.</summary>
    public IEnumerable<TransportAddress> RelayedAddresses
    {
        get
        {
            if (!Relayed4.IsNone)
            {
                yield return Relayed4;
            }

            if (!Relayed6.IsNone)
            {
                yield return Relayed6;
            }
        }
    }

    /// <summary>What a client that asked for two families gets told about the one that it did not get.</summary>
    public StunErrorCode? AdditionalFamilyError { get; set; }

    /// <summary>The token under which the port above is kept back.</summary>
    public ulong? ReservationToken { get; set; }

    /// <summary>Its place among allocations that end at the same time; set by the table.</summary>
    public long Order { get; set; }

    /// <summary>When it ends; set by the table, which is sorted by it.</summary>
    public Instant ExpiresAt { get; set; }

    /// <summary>Whether its client has been answered once.</summary>
    public bool IsAnnounced { get; set; }

    public bool HasFamilyOf(TransportAddress peer) => !GetRelayed(peer).IsNone;

    /// <summary>The relayed address from which a peer is sent to.</summary>
    public TransportAddress GetRelayed(TransportAddress peer) => peer.IsIPv4 ? Relayed4 : Relayed6;

    /// <summary>Whether data may go to and come from a peer.</summary>
    public bool IsPermitted(TransportAddress peer, Instant now) => _permissions.TryGetValue(peer.WithPort(0), out var until) && until > now;

    /// <summary>Whether there is room for permissions for <paramref name="peers"/> more addresses.</summary>
    public bool HasRoomFor(IReadOnlyCollection<TransportAddress> peers, Instant now)
    {
        var added = peers.Count(p => !_permissions.ContainsKey(p.WithPort(0)));
        if (_permissions.Count + added > _options.MaxPermissions)
        {
            RemoveExpired(_permissions, until => until <= now);
        }

        return _permissions.Count + added <= _options.MaxPermissions;
    }

    public void Permit(TransportAddress peer, Instant now) => _permissions[peer.WithPort(0)] = now + PermissionLifetime;

    /// <summary>The binding of a channel, if it holds.</summary>
    public bool TryGet(TurnChannel channel, Instant now, out TurnChannelBinding binding) =>
        _channels.TryGetValue(channel, out binding!) && binding.ExpiresAt > now;

    /// <summary>The binding of a peer, if it holds.</summary>
    public bool TryGetChannel(TransportAddress peer, Instant now, out TurnChannelBinding binding) =>
        _channelsByPeer.TryGetValue(peer, out binding!) && binding.ExpiresAt > now;

    /// <summary>Binds a channel to a peer, or prolongs the binding; the permission comes with it (RFC 8656, 12).</summary>
    /// <returns><see langword="null"/>, or why not.</returns>
    public StunErrorCode? Bind(TurnChannel channel, TransportAddress peer, Instant now)
    {
        if ((TryGet(channel, now, out var bound) && bound.Peer != peer) || (TryGetChannel(peer, now, out bound) && bound.Channel != channel))
        {
            return StunErrorCode.BadRequest;
        }

        if (!_channels.ContainsKey(channel) && _channels.Count >= _options.MaxChannels)
        {
            RemoveExpired(_channels, b => b.ExpiresAt <= now);
            RemoveExpired(_channelsByPeer, b => b.ExpiresAt <= now);
        }

        if ((!_channels.ContainsKey(channel) && _channels.Count >= _options.MaxChannels) || !HasRoomFor([peer], now))
        {
            return StunErrorCode.InsufficientCapacity;
        }

        Unbind(channel, peer);
        _channels[channel] = _channelsByPeer[peer] = new TurnChannelBinding(channel, peer, now + ChannelLifetime);
        Permit(peer, now);
        return null;
    }

    public bool TryTakeToPeers(int bytes, Instant now) => _options.MaxBytesPerSecond is null || _toPeers.TryTake(bytes, now);

    public bool TryTakeToClient(int bytes, Instant now) => _options.MaxBytesPerSecond is null || _toClient.TryTake(bytes, now);

    // What the channel and the peer had before, run out by now, must not be found under the other's key.
    private void Unbind(TurnChannel channel, TransportAddress peer)
    {
        if (_channels.Remove(channel, out var oldOfChannel))
        {
            _channelsByPeer.Remove(oldOfChannel.Peer);
        }

        if (_channelsByPeer.Remove(peer, out var oldOfPeer))
        {
            _channels.Remove(oldOfPeer.Channel);
        }
    }

    private static void RemoveExpired<TKey, TValue>(Dictionary<TKey, TValue> table, Func<TValue, bool> isExpired)
        where TKey : notnull
    {
        foreach (var (key, value) in table)
        {
            if (isExpired(value))
            {
                table.Remove(key);
            }
        }
    }
}
