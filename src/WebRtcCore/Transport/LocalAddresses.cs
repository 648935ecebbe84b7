using System.Net;
using System.Net.Sockets;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>Which addresses of this machine a connection binds.</summary>
internal static class LocalAddresses
{
    /// <summary>No more than this many are used: each makes a socket and a candidate, and pairs with every candidate of the peer.</summary>
    public const int MaxAddresses = 16;

    /// <summary>The addresses to bind, with port 0: those that the options name, otherwise those of every interface that is up.</summary>
    public static IReadOnlyList<TransportAddress> Select(PeerConnectionOptions options) =>
        [.. Select(options, InterfaceAddress.Discover).Select(static local => local.Address)];

    /// <summary>The rule itself.</summary>
    /// <param name="options">Addresses that the application names (a wildcard stands for all addresses of its family), and what it does not want.</param>
    /// <param name="discover">Gives every address of the machine; asked only where it matters.</param>
    internal static IReadOnlyList<LocalAddress> Select(PeerConnectionOptions options, Func<IReadOnlyList<InterfaceAddress>> discover)
    {
        if (options.LocalAddresses is not { } named)
        {
            return Finish(Discovered(discover(), options), options);
        }

        return Finish(named.SelectMany(address => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
            ? Discovered(discover(), options).Where(found => found.Address.AddressFamily == address.AddressFamily)
            : [new InterfaceAddress(address)]), options);
    }

    // RFC 8445 5.1.1.1: no loopback, no site-local, no IPv4-compatible addresses, no deprecated ones, and no link-local ones: a candidate cannot carry their scope, and
    // they tell who the machine is. Nor addresses by which a machine can be followed, where the same network has given it a temporary one.
    private static IEnumerable<InterfaceAddress> Discovered(IReadOnlyList<InterfaceAddress> machine, PeerConnectionOptions options)
    {
        var usable = machine.Where(static found => (found.Traits & (IPv6AddressTraits.Deprecated | IPv6AddressTraits.Unusable)) == 0).ToArray();
        return usable
            .Where(static found => found.Address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            .Where(static found => !found.Address.IsIPv6SiteLocal && !found.Address.IsIPv6Multicast && !TransportAddress.From(found.Address, 0).IsLinkLocal)
            .Where(found => options.IncludeLoopback || !IPAddress.IsLoopback(found.Address))
            .Where(found => options.InterfaceFilter?.Invoke(found.Interface) ?? true)
            .Where(found => !Array.Exists(usable, other => IsTemporary(other) && !IsTemporary(found) && IsOfOneNetwork(found, other)));
    }

    private static bool IsTemporary(InterfaceAddress found) => (found.Traits & IPv6AddressTraits.Temporary) != 0;

    // Networks in which addresses are made by the host have prefixes of 64 bits (RFC 4291, 2.5.1).
    private static bool IsOfOneNetwork(InterfaceAddress one, InterfaceAddress other) =>
        one.Interface == other.Interface
        && one.Address.AddressFamily == AddressFamily.InterNetworkV6
        && other.Address.AddressFamily == AddressFamily.InterNetworkV6
        && one.Address.GetAddressBytes().AsSpan(0, 8).SequenceEqual(other.Address.GetAddressBytes().AsSpan(0, 8));

    private static IReadOnlyList<LocalAddress> Finish(IEnumerable<InterfaceAddress> addresses, PeerConnectionOptions options) =>
    [
        .. addresses
            .Where(found => options.AddressFilter?.Invoke(found.Address) ?? true)
            .Select(static found => new LocalAddress(TransportAddress.From(found.Address, 0), found.NetworkCost))
            .Where(static local => !local.Address.IsAny)
            .DistinctBy(static local => local.Address)
            .Take(MaxAddresses),
    ];
}
