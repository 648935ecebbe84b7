using System.Net.NetworkInformation;
using System.Net.Sockets;
using WebRtcCore.Dns;
using WebRtcCore.Primitives;

namespace WebRtcCore.Transport.Multicast;

/// <summary>An interface in one address family.</summary>
/// <param name="Local">The interface's first address of the family, by which the cores know the link.</param>
/// <param name="InterfaceIndex">The system's number of the interface in that family.</param>
internal sealed record MulticastLink(TransportAddress Local, int InterfaceIndex)
{
    /// <summary>The links of the interfaces that have the given addresses: both families of each, since one asks for the other.</summary>
    public static IReadOnlyList<MulticastLink> Find(IReadOnlyList<TransportAddress> locals)
    {
        var links = new List<MulticastLink>();
        foreach (var network in NetworkInterface.GetAllNetworkInterfaces())
        {
            var isLoopback = network.NetworkInterfaceType == NetworkInterfaceType.Loopback;
            if (!isLoopback && (network.OperationalStatus != OperationalStatus.Up || !network.SupportsMulticast))
            {
                continue;
            }

            var properties = network.GetIPProperties();
            var addresses = properties.UnicastAddresses.Select(static u => TransportAddress.From(u.Address, 0)).ToArray();
            if (addresses.Any(address => locals.Any(local => IsSame(local, address))))
            {
                Add(links, addresses, network, properties);
            }
        }

        return links;
    }

    private static void Add(List<MulticastLink> links, TransportAddress[] addresses, NetworkInterface network, IPInterfaceProperties properties)
    {
        if (Array.Find(addresses, static a => a.IsIPv4) is { IsNone: false } ipv4 && network.Supports(NetworkInterfaceComponent.IPv4))
        {
            links.Add(new MulticastLink(ipv4.WithPort(MulticastDns.Port), properties.GetIPv4Properties().Index));
        }

        if (Array.Find(addresses, static a => a.IsIPv6) is { IsNone: false } ipv6 && network.Supports(NetworkInterfaceComponent.IPv6) && Socket.OSSupportsIPv6)
        {
            // The scope says on which interface the group is meant.
            var index = properties.GetIPv6Properties().Index;
            Span<byte> bytes = stackalloc byte[16];
            ipv6.WriteAddressBytes(bytes);
            links.Add(new MulticastLink(TransportAddress.FromBytes(bytes, MulticastDns.Port, index), index));
        }
    }

    // A scope may be missing on either side.
    private static bool IsSame(TransportAddress one, TransportAddress other)
    {
        Span<byte> bytes = stackalloc byte[32];
        return one.AddressLength == other.AddressLength
            && bytes[..one.WriteAddressBytes(bytes)].SequenceEqual(bytes.Slice(16, other.WriteAddressBytes(bytes[16..])));
    }
}
