using WebRtcCore.Primitives;

namespace WebRtcCore.Ice.Tests;

[TestFixture]
public class HostAddressOrderTests
{
    [Test]
    public void Families_take_turns_and_loopback_comes_last()
    {
        TransportAddress[] addresses =
        [
            TransportAddress.Parse("127.0.0.1", 1),
            TransportAddress.Parse("10.0.0.1", 1),
            TransportAddress.Parse("10.0.0.2", 1),
            TransportAddress.Parse("fe80::1", 1),
            TransportAddress.Parse("::1", 1),
            TransportAddress.Parse("2001:db8::1", 1),
            TransportAddress.Parse("10.0.0.1", 1),
            TransportAddress.Parse("0.0.0.0", 1),
            default,
        ];
        var sorted = HostAddressOrder.Sort(addresses).ConvertAll(a => a.ToIPAddress().ToString());
        Assert.That(sorted, Is.EqualTo(new[] { "2001:db8::1", "10.0.0.1", "10.0.0.2", "fe80::1", "::1", "127.0.0.1" }));
    }

    [Test]
    public void More_than_32_sockets_are_left_out_and_preferences_never_collide()
    {
        var addresses = Enumerable.Range(0, 100).Select(i => TransportAddress.Parse($"10.0.0.{i}", 1)).ToArray();
        Assert.That(HostAddressOrder.Sort(addresses), Has.Count.EqualTo(32));
        var preferences = new HashSet<int>();
        for (var server = 0; server < 8; server++)
        {
            for (var rank = 0; rank < 32; rank++)
            {
                Assert.That(preferences.Add(HostAddressOrder.LocalPreference(rank, server)), Is.True);
            }
        }
    }

    [Test]
    public void Foundations_depend_on_type_base_and_server_but_not_on_ports()
    {
        var table = new FoundationTable();
        var a = TransportAddress.Parse("10.0.0.1", 1);
        var server = TransportAddress.Parse("192.0.2.1", 3478);
        var host = table.Get(IceCandidateType.Host, a);
        Assert.That(table.Get(IceCandidateType.Host, a.WithPort(2)), Is.EqualTo(host));
        Assert.That(table.Get(IceCandidateType.Host, TransportAddress.Parse("10.0.0.2", 1)), Is.Not.EqualTo(host));
        var reflexive = table.Get(IceCandidateType.ServerReflexive, a, server);
        Assert.That(reflexive, Is.Not.EqualTo(host));
        Assert.That(table.Get(IceCandidateType.ServerReflexive, a, server.WithPort(1)), Is.EqualTo(reflexive));
        Assert.That(table.Get(IceCandidateType.ServerReflexive, a, TransportAddress.Parse("192.0.2.2", 3478)), Is.Not.EqualTo(reflexive));
    }
}
