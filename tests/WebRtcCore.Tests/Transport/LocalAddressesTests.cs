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
        Assert.That(LocalAddresses.Select(null, false, () => many), Has.Count.EqualTo(LocalAddresses.MaxAddresses));
    }

    [Test]
    public void The_machines_own_addresses_can_be_bound()
    {
        var addresses = LocalAddresses.Select(new PeerConnectionOptions { IncludeLoopback = true });
        Assert.That(addresses, Is.Not.Empty);
        Assert.That(addresses.All(address => address.Port == 0));
        Assert.That(addresses.Any(address => address.IsLoopback));
    }

    private static IEnumerable<string> Select(IReadOnlyList<IPAddress>? named, bool includeLoopback) =>
        LocalAddresses.Select(named, includeLoopback, () => Machine).Select(address => address.ToIPAddress().ToString());
}
