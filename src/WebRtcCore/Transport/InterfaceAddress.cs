using System.Net;
using System.Net.NetworkInformation;

namespace WebRtcCore.Transport;

/// <summary>An address of this machine, and what is known of its interface.</summary>
/// <param name="Address">The address, with its scope if it is link-local.</param>
/// <param name="Interface">The name of the interface, such as <c>eth0</c>.</param>
/// <param name="Type">The kind of interface.</param>
/// <param name="Traits">What the system says of an IPv6 address.</param>
internal sealed record InterfaceAddress(
    IPAddress Address, string Interface = "", NetworkInterfaceType Type = NetworkInterfaceType.Ethernet, IPv6AddressTraits Traits = IPv6AddressTraits.None)
{
    /// <summary>What using the interface costs, as libwebrtc counts (network cost).</summary>
    public int NetworkCost => Type switch
    {
        NetworkInterfaceType.Ethernet or NetworkInterfaceType.GigabitEthernet or NetworkInterfaceType.FastEthernetT or NetworkInterfaceType.FastEthernetFx
            or NetworkInterfaceType.Ethernet3Megabit or NetworkInterfaceType.Loopback => 0,
        NetworkInterfaceType.Wireless80211 => 10,
        NetworkInterfaceType.Wwanpp or NetworkInterfaceType.Wwanpp2 or NetworkInterfaceType.Ppp => 900,
        _ => 50,
    };

    /// <summary>Every address of the interfaces that are up.</summary>
    public static IReadOnlyList<InterfaceAddress> Discover()
    {
        var traits = IPv6AddressTable.Read();
        return
        [
            .. from network in NetworkInterface.GetAllNetworkInterfaces()
               where network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown || network.NetworkInterfaceType == NetworkInterfaceType.Loopback
               from information in network.GetIPProperties().UnicastAddresses
               select new InterfaceAddress(information.Address, network.Name, network.NetworkInterfaceType, traits.GetTraits(information)),
        ];
    }
}
