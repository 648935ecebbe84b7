using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>The host candidates over TCP that an agent has (RFC 6544, 4.1), each with a rank that no other has.</summary>
internal sealed class TcpHosts(bool isLite)
{
    private readonly List<(IceTcpHost Host, int Rank)> _hosts = [];

    public IReadOnlyList<(IceTcpHost Host, int Rank)> All => _hosts;

    /// <summary>Begins anew with these.</summary>
    public void Reset(IEnumerable<IceTcpHost> hosts)
    {
        _hosts.Clear();
        foreach (var host in hosts)
        {
            Add(host);
        }
    }

    /// <summary>Adds one.</summary>
    /// <returns>Its rank; null if it is there already, there are too many, or a lite agent would have to connect (RFC 6544, 4.4).</returns>
    public int? Add(IceTcpHost host)
    {
        var isOfUse = host.Type == IceTcpType.Passive || (host.Type == IceTcpType.Active && !isLite);
        if (!isOfUse || host.Address.IsNone || host.Address.IsAny || _hosts.Count >= HostAddressOrder.MaxHosts || _hosts.Exists(h => h.Host == host))
        {
            return null;
        }

        var rank = 0;
        while (_hosts.Exists(h => h.Rank == rank))
        {
            rank++;
        }

        _hosts.Add((host, rank));
        return rank;
    }

    public bool Remove(IceTcpHost host) => _hosts.RemoveAll(h => h.Host == host) > 0;

    public bool Contains(TransportAddress local)
    {
        foreach (var (host, _) in _hosts)
        {
            if (host.Address == local)
            {
                return true;
            }
        }

        return false;
    }
}
