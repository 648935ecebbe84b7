using System.Net;
using System.Net.NetworkInformation;
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
        Select(options.LocalAddresses, options.IncludeLoopback, static () => NetworkInterface.GetAllNetworkInterfaces()
            .Where(static network => network.OperationalStatus == OperationalStatus.Up || network.NetworkInterfaceType == NetworkInterfaceType.Loopback)
            .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
            .Select(static information => information.Address));

    /// <summary>The rule itself.</summary>
    /// <param name="named">Addresses that the application names, or <see langword="null"/>. A wildcard stands for all addresses of its family.</param>
    /// <param name="includeLoopback">Whether loopback addresses are among the discovered ones.</param>
    /// <param name="discover">Gives every address of the machine.</param>
    internal static IReadOnlyList<TransportAddress> Select(IReadOnlyList<IPAddress>? named, bool includeLoopback, Func<IEnumerable<IPAddress>> discover)
    {
        if (named is null)
        {
            return Finish(Discovered(discover, includeLoopback));
        }

        return Finish(named.SelectMany(address => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
            ? Discovered(discover, includeLoopback).Where(found => found.AddressFamily == address.AddressFamily)
            : [address]));
    }

    // RFC 8445 5.1.1.1: no loopback, no site-local, no IPv4-compatible addresses. Link-local ones need a scope, which a candidate cannot carry.
    private static IEnumerable<IPAddress> Discovered(Func<IEnumerable<IPAddress>> discover, bool includeLoopback) => discover()
        .Where(static address => address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
        .Where(static address => !address.IsIPv6SiteLocal && !address.IsIPv6Multicast && !TransportAddress.From(address, 0).IsLinkLocal)
        .Where(address => includeLoopback || !IPAddress.IsLoopback(address));

    private static IReadOnlyList<TransportAddress> Finish(IEnumerable<IPAddress> addresses) =>
        [.. addresses.Select(static address => TransportAddress.From(address, 0)).Where(static address => !address.IsAny).Distinct().Take(MaxAddresses)];
}
