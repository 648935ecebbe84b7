using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>The order of preference of the local addresses, from which local preferences are made.</summary>
internal static class HostAddressOrder
{
    /// <summary>More sockets than this are not used for candidates.</summary>
    public const int MaxHosts = 32;

    // More than the ranks of all addresses and servers take together, and less than the step between relay protocols' families.
    private const int CostStep = 0x400;

    /// <summary>
    /// Sorts addresses, best first: routable before link-local before loopback, and within each the families in turn with IPv6 first,
    /// so that neither family's failure holds up the other (RFC 8421, 4). Duplicates, wildcards and what exceeds <see cref="MaxHosts"/> are left out.
    /// </summary>
    public static List<TransportAddress> Sort(ReadOnlySpan<TransportAddress> addresses)
    {
        var sorted = new List<TransportAddress>(addresses.Length);
        for (var group = 0; group <= 2; group++)
        {
            Interleave(addresses, group, sorted);
        }

        return sorted;
    }

    /// <summary>
    /// What an expensive network takes away from the rank of its addresses. It outweighs the order of addresses and servers, not the kind of candidate:
    /// a direct path over a cellular network is better than a relayed one over a cable.
    /// </summary>
    public static int RankOfCost(int networkCost) => networkCost switch
    {
        <= 0 => 0,
        <= 50 => CostStep,
        _ => 2 * CostStep,
    };

    /// <summary>The local preference of the candidate from the <paramref name="rank"/>-th address, by way of the <paramref name="server"/>-th server if any.</summary>
    public static int LocalPreference(int rank, int server = 0) => CandidatePriority.MaxLocalPreference - rank - (server * MaxHosts);

    /// <summary>
    /// The local preference of a relayed candidate: UDP before DTLS before TCP before TLS, because streams hold up everything behind a lost packet, and IPv4
    /// first, which more peers have.
    /// </summary>
    public static int RelayPreference(int rank, int server, IceRelayProtocol protocol, bool isIPv6)
    {
        var steps = protocol switch
        {
            IceRelayProtocol.Udp => 0,
            IceRelayProtocol.Dtls => 1,
            IceRelayProtocol.Tcp => 2,
            _ => 3,
        };
        return LocalPreference(rank, server) - (steps * 0x2000) - (isIPv6 ? 0x1000 : 0);
    }

    private static void Interleave(ReadOnlySpan<TransportAddress> addresses, int group, List<TransportAddress> sorted)
    {
        var v6 = new Queue<TransportAddress>();
        var v4 = new Queue<TransportAddress>();
        foreach (var address in addresses)
        {
            if (!address.IsNone && !address.IsAny && GroupOf(address) == group)
            {
                (address.IsIPv6 ? v6 : v4).Enqueue(address);
            }
        }

        while (v6.Count + v4.Count > 0)
        {
            TakeOne(v6, sorted);
            TakeOne(v4, sorted);
        }
    }

    private static void TakeOne(Queue<TransportAddress> from, List<TransportAddress> to)
    {
        if (from.TryDequeue(out var address) && to.Count < MaxHosts && !to.Contains(address))
        {
            to.Add(address);
        }
    }

    private static int GroupOf(TransportAddress address) => address.IsLoopback ? 2 : address.IsLinkLocal ? 1 : 0;
}
