using System.Net;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

public class LocalAddressesTests
{
    private static readonly IPAddress[] Machine =
        [.. new[] { "127.0.0.1", "::1", "192.0.2.7", "169.254.1.1", "2001:db8::7", "fe80::1", "fec0::1", "192.0.2.7" }.Select(IPAddress.Parse)];

    [Test]
    public void By_default_every_address_that_a_peer_could_reach_is_used_once() =>
        Assert.That(Select(null, false), Is.EqualTo(new[] { "192.0.2.7", "2001:db8::7" }));

    [Test]
    public void Loopback_is_included_on_request() =>
        Assert.That(Select(null, true), Is.EqualTo(new[] { "127.0.0.1", "::1", "192.0.2.7", "2001:db8::7" }));

    [Test]
    public void Named_addresses_are_used_as_they_are() =>
        Assert.That(Select([IPAddress.Loopback, IPAddress.Parse("198.51.100.1"), IPAddress.Loopback], false), Is.EqualTo(new[] { "127.0.0.1", "198.51.100.1" }));

    [Test]
    public void A_wildcard_stands_for_the_addresses_of_its_family()
    {
        Assert.That(Select([IPAddress.Any], true), Is.EqualTo(new[] { "127.0.0.1", "192.0.2.7" }));
        Assert.That(Select([IPAddress.IPv6Any], false), Is.EqualTo(new[] { "2001:db8::7" }));
    }

    [Test]
    public void Naming_none_gives_none() => Assert.That(Select([], true), Is.Empty);

    [Test]
    public void The_number_is_capped()
    {
        var many = Enumerable.Range(1, 200).Select(i => new IPAddress([10, 0, 0, (byte)i])).ToArray();
        Assert.That(LocalAddresses.Select(new PeerConnectionOptions(), () => [.. many.Select(address => new InterfaceAddress(address))]), Has.Count.EqualTo(LocalAddresses.MaxAddresses));
    }

    [Test]
    public void The_machines_own_addresses_can_be_bound()
    {
        var addresses = LocalAddresses.Select(new PeerConnectionOptions { IncludeLoopback = true });
        Assert.That(addresses, Is.Not.Empty);
        Assert.That(addresses.All(address => address.Port == 0));
        Assert.That(addresses.Any(address => address.IsLoopback));
    }

    [Test]
    public void Filters_leave_addresses_and_interfaces_out()
    {
        InterfaceAddress[] machine = [new(IPAddress.Parse("192.0.2.7"), "eth0"), new(IPAddress.Parse("192.0.2.8"), "docker0"), new(IPAddress.Parse("192.0.2.9"), "eth1")];
        var options = new PeerConnectionOptions { InterfaceFilter = name => name != "docker0", AddressFilter = address => !address.Equals(IPAddress.Parse("192.0.2.9")) };
        Assert.That(Select(options, machine), Is.EqualTo(new[] { "192.0.2.7" }));
        Assert.That(Select(options with { LocalAddresses = [IPAddress.Parse("192.0.2.9"), IPAddress.Parse("192.0.2.8")] }, machine), Is.EqualTo(new[] { "192.0.2.8" }), "named ones have no interface");
    }

    [Test]
    public void Of_a_network_with_a_temporary_address_no_other_is_used_and_deprecated_or_unusable_ones_never()
    {
        InterfaceAddress[] machine =
        [
            new(IPAddress.Parse("2001:db8::1"), "eth0"),
            new(IPAddress.Parse("2001:db8::2"), "eth0", Traits: IPv6AddressTraits.Temporary),
            new(IPAddress.Parse("2001:db8::3"), "eth0", Traits: IPv6AddressTraits.Temporary | IPv6AddressTraits.Deprecated),
            new(IPAddress.Parse("2001:db8::4"), "eth0", Traits: IPv6AddressTraits.Unusable),
            new(IPAddress.Parse("2001:db8:0:1::6"), "eth0"),
            new(IPAddress.Parse("2001:db8::7"), "eth1"),
            new(IPAddress.Parse("fd00::5"), "eth1"),
            new(IPAddress.Parse("fd00::8"), "eth1", Traits: IPv6AddressTraits.Temporary | IPv6AddressTraits.Deprecated),
        ];
        Assert.That(Select(new PeerConnectionOptions(), machine), Is.EqualTo(new[] { "2001:db8::2", "2001:db8:0:1::6", "2001:db8::7", "fd00::5" }));
    }

    [Test]
    public void The_kinds_of_interfaces_have_costs()
    {
        var costs = LocalAddresses.Select(new PeerConnectionOptions(), () =>
        [
            new InterfaceAddress(IPAddress.Parse("192.0.2.1"), "eth0"),
            new InterfaceAddress(IPAddress.Parse("192.0.2.2"), "wlan0", System.Net.NetworkInformation.NetworkInterfaceType.Wireless80211),
            new InterfaceAddress(IPAddress.Parse("192.0.2.3"), "wwan0", System.Net.NetworkInformation.NetworkInterfaceType.Wwanpp),
            new InterfaceAddress(IPAddress.Parse("192.0.2.4"), "tun0", System.Net.NetworkInformation.NetworkInterfaceType.Tunnel),
        ]).Select(local => local.NetworkCost);
        Assert.That(costs, Is.EqualTo(new[] { 0, 10, 900, 50 }));
    }

    [Test]
    public void The_systems_table_of_ipv6_addresses_is_read()
    {
        var table = IPv6AddressTable.Parse(
        [
            "20010db8000000000000000000000001 02 40 00 80     eth0",
            "20010db8000000000000000000000002 02 40 00 01     eth0",
            "20010db8000000000000000000000003 02 40 00 21     eth0",
            "20010db8000000000000000000000004 02 40 00 40     eth0",
            "nonsense",
        ]);
        Assert.That(
            new[] { 1, 2, 3, 4, 5 }.Select(i => table.GetTraits(IPAddress.Parse($"2001:db8::{i}"))),
            Is.EqualTo(new[]
            {
                IPv6AddressTraits.None, IPv6AddressTraits.Temporary, IPv6AddressTraits.Temporary | IPv6AddressTraits.Deprecated, IPv6AddressTraits.Unusable, IPv6AddressTraits.None,
            }));
    }

    private static IEnumerable<string> Select(IReadOnlyList<IPAddress>? named, bool includeLoopback) =>
        Select(new PeerConnectionOptions { LocalAddresses = named, IncludeLoopback = includeLoopback }, [.. Machine.Select(address => new InterfaceAddress(address))]);

    private static IEnumerable<string> Select(PeerConnectionOptions options, InterfaceAddress[] machine) =>
        LocalAddresses.Select(options, () => machine).Select(local => local.Address.ToIPAddress().ToString());
}
