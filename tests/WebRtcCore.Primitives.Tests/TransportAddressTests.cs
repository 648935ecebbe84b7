using System.Net;
using CsCheck;
using WebRtcCore.Testing;

namespace WebRtcCore.Primitives.Tests;

public class TransportAddressTests
{
    [TestCase("192.0.2.1", 0)]
    [TestCase("255.255.255.255", 65_535)]
    [TestCase("2001:db8::1", 443)]
    [TestCase("::1", 1)]
    [TestCase("fe80::1%7", 5000)]
    public void An_IP_literal_survives_every_form(string literal, int port)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(literal), port);
        var address = TransportAddress.Parse(literal, port);
        var bytes = new byte[address.AddressLength];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(address.ToIPEndPoint(), Is.EqualTo(endPoint));
            Assert.That(TransportAddress.From(endPoint), Is.EqualTo(address));
            Assert.That(address.ToString(), Is.EqualTo(endPoint.ToString()));
            Assert.That(address.WriteAddressBytes(bytes), Is.EqualTo(bytes.Length));
            Assert.That(TransportAddress.FromBytes(bytes, port, address.ScopeId), Is.EqualTo(address));
            Assert.That(address.GetHashCode(), Is.EqualTo(TransportAddress.From(endPoint).GetHashCode()));
        }
    }

    [Test]
    public void An_IPv4_mapped_address_is_the_IPv4_address()
    {
        var mapped = TransportAddress.From(IPAddress.Parse("192.0.2.7").MapToIPv6(), 9);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(mapped, Is.EqualTo(TransportAddress.Parse("192.0.2.7", 9)));
            Assert.That(mapped.IsIPv4);
            Assert.That(mapped.AddressLength, Is.EqualTo(4));
        }
    }

    [Test]
    public void The_same_bits_in_another_family_are_another_address() =>
        Assert.That(TransportAddress.Parse("::192.0.2.7", 9), Is.Not.EqualTo(TransportAddress.Parse("192.0.2.7", 9)));

    [TestCase("127.0.0.1", true, false, false)]
    [TestCase("127.255.0.9", true, false, false)]
    [TestCase("::1", true, false, false)]
    [TestCase("169.254.3.4", false, true, false)]
    [TestCase("fe80::1", false, true, false)]
    [TestCase("febf::1", false, true, false)]
    [TestCase("fec0::1", false, false, false)]
    [TestCase("0.0.0.0", false, false, true)]
    [TestCase("::", false, false, true)]
    [TestCase("192.0.2.1", false, false, false)]
    public void Classifies_addresses(string literal, bool loopback, bool linkLocal, bool any)
    {
        var address = TransportAddress.Parse(literal, 1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(address.IsLoopback, Is.EqualTo(loopback));
            Assert.That(address.IsLinkLocal, Is.EqualTo(linkLocal));
            Assert.That(address.IsAny, Is.EqualTo(any));
        }
    }

    [Test]
    public void The_default_value_is_no_address()
    {
        var none = default(TransportAddress);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(none.IsNone);
            Assert.That(none.IsIPv4 || none.IsIPv6 || none.IsAny || none.IsLoopback || none.IsLinkLocal, Is.False);
            Assert.That(none.ToString(), Is.EqualTo("none"));
            Assert.That(() => none.ToIPAddress(), Throws.InvalidOperationException);
            Assert.That(none.WriteAddressBytes([]), Is.Zero);
        }
    }

    [TestCase("example.org", 1)]
    [TestCase("", 1)]
    [TestCase("1.2.3.4", -1)]
    [TestCase("1.2.3.4", 65_536)]
    public void Refuses_what_is_no_literal_or_no_port(string text, int port)
    {
        Assert.That(TransportAddress.TryParse(text, port, out var result), Is.False);
        Assert.That(result.IsNone);
    }

    [Test]
    public void Refuses_addresses_of_other_lengths() =>
        Assert.That(() => TransportAddress.FromBytes(new byte[5], 1), Throws.ArgumentException);

    [Test]
    public void Another_port_keeps_the_address() =>
        Gen.Select(Gen.Byte.Array[16], Gen.Int[0, 65_535], Gen.Int[0, 65_535]).Sample((bytes, one, two) =>
        {
            var address = TransportAddress.FromBytes(bytes, one);
            var other = address.WithPort(two);
            return other.Port == two && other.HasSameAddress(address) && (other == address) == (one == two);
        });

    [Test]
    public void Comparing_and_hashing_allocate_nothing()
    {
        var a = TransportAddress.Parse("2001:db8::1", 1);
        var map = new Dictionary<TransportAddress, int> { [a] = 1 };
        var found = 0;
        Assert.That(Allocations.Measure(() => found += map[a]), Is.Zero);
        Assert.That(found, Is.Positive);
    }
}
