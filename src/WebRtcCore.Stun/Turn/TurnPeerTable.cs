using System.Diagnostics.CodeAnalysis;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>The peers, permissions and channels of one allocation, bounded by the number of peers.</summary>
internal sealed class TurnPeerTable(int maxPeers)
{
    private readonly List<TurnPeer> _peers = [];
    private readonly List<TurnPermission> _permissions = [];
    private readonly List<TurnPeer> _channels = [];
    private TurnPeer? _latest;

    public IReadOnlyList<TurnPeer> Peers => _peers;

    public IReadOnlyList<TurnPermission> Permissions => _permissions;

    /// <summary>Finds a peer by its canonical address. Data goes to one peer mostly, so the latest is looked at first.</summary>
    public bool TryGet(TransportAddress address, [NotNullWhen(true)] out TurnPeer? peer)
    {
        peer = _latest;
        if (peer is not null && peer.Address == address)
        {
            return true;
        }

        foreach (var candidate in _peers)
        {
            if (candidate.Address == address)
            {
                _latest = peer = candidate;
                return true;
            }
        }

        peer = null;
        return false;
    }

    /// <summary>Finds the permission of a canonical address, whatever its port.</summary>
    public TurnPermission? FindPermission(TransportAddress address)
    {
        foreach (var permission in _permissions)
        {
            if (permission.Address.HasSameAddress(address))
            {
                return permission;
            }
        }

        return null;
    }

    /// <summary>Adds a peer, and a permission if its address has none; false if there are too many.</summary>
    public bool TryAdd(TransportAddress address, [NotNullWhen(true)] out TurnPeer? peer, out bool isNewPermission)
    {
        peer = null;
        isNewPermission = false;
        if (_peers.Count >= maxPeers)
        {
            return false;
        }

        var permission = FindPermission(address);
        if (permission is null)
        {
            isNewPermission = true;
            permission = new TurnPermission(address.WithPort(0));
            _permissions.Add(permission);
        }

        peer = new TurnPeer(address, permission);
        _peers.Add(peer);
        return true;
    }

    /// <summary>Chooses a channel for a peer. Numbers are never used twice, so none comes back too early (RFC 8656, 12).</summary>
    public void AssignChannel(TurnPeer peer)
    {
        peer.Channel = new TurnChannel((ushort)(TurnChannel.First + _channels.Count));
        _channels.Add(peer);
    }

    /// <summary>Finds the peer of a bound channel.</summary>
    public bool TryGet(TurnChannel channel, [NotNullWhen(true)] out TurnPeer? peer)
    {
        var index = channel.Value - TurnChannel.First;
        peer = index >= 0 && index < _channels.Count ? _channels[index] : null;
        return peer is { IsBound: true };
    }

    public void Clear()
    {
        _peers.Clear();
        _permissions.Clear();
        _channels.Clear();
        _latest = null;
    }
}
