using WebRtcCore.Testing;

namespace WebRtcCore.Primitives.Tests.Testing;

public class VirtualNatTests
{
    private static readonly TransportAddress Outside = TransportAddress.Parse("203.0.113.1", 0);
    private static readonly TransportAddress Inside = TransportAddress.Parse("192.168.0.2", 5000);
    private static readonly TransportAddress Server1 = TransportAddress.Parse("198.51.100.1", 3478);
    private static readonly TransportAddress Server1OtherPort = TransportAddress.Parse("198.51.100.1", 3479);
    private static readonly TransportAddress Server2 = TransportAddress.Parse("198.51.100.2", 3478);

    [TestCase(NatBehavior.EndpointIndependent, 1)]
    [TestCase(NatBehavior.AddressDependent, 2)]
    [TestCase(NatBehavior.AddressAndPortDependent, 3)]
    public void Mapping_takes_as_many_ports_as_its_kind_says(NatBehavior mapping, int ports)
    {
        var (inside, server, network) = Make(mapping, NatBehavior.AddressAndPortDependent);
        foreach (var remote in new[] { Server1, Server1OtherPort, Server2, Server1 })
        {
            inside.Send([1], new NetworkPath(Inside, remote));
        }

        network.RunFor(TimeSpan.FromSeconds(1));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(server.Received.Select(r => r.Path.Remote).Distinct().Count(), Is.EqualTo(ports));
            Assert.That(server.Received.All(r => r.Path.Remote.HasSameAddress(Outside)));
            Assert.That(inside.Received, Has.Count.EqualTo(4));
        }
    }

    [TestCase(NatBehavior.EndpointIndependent, 3)]
    [TestCase(NatBehavior.AddressDependent, 2)]
    [TestCase(NatBehavior.AddressAndPortDependent, 1)]
    public void Filtering_lets_in_whom_its_kind_says(NatBehavior filtering, int arriving)
    {
        var (inside, server, network) = Make(NatBehavior.EndpointIndependent, filtering);
        inside.Send([1], new NetworkPath(Inside, Server1));
        network.RunFor(TimeSpan.FromSeconds(1));
        var mapped = server.Received[0].Path.Remote;
        server.Send([2], new NetworkPath(Server1OtherPort, mapped));
        server.Send([3], new NetworkPath(Server2, mapped));
        network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(inside.Received, Has.Count.EqualTo(arriving));
        Assert.That(network.Undeliverable, Is.EqualTo(3 - arriving));
    }

    [Test]
    public void The_inside_address_cannot_be_reached_from_outside()
    {
        var (inside, server, network) = Make(NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent);
        server.Send([1], new NetworkPath(Server1, Inside));
        network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(inside.Received, Is.Empty);
        Assert.That(network.Undeliverable, Is.EqualTo(1));
    }

    [Test]
    public void A_mapping_dies_without_outgoing_datagrams()
    {
        var (inside, server, network) = Make(NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent);
        inside.Send([1], new NetworkPath(Inside, Server1));
        network.RunFor(TimeSpan.FromSeconds(1));
        network.RunFor(TimeSpan.FromSeconds(120));
        server.Send([2], new NetworkPath(Server1, server.Received[0].Path.Remote));
        network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(inside.Received, Has.Count.EqualTo(1));
        inside.Send([3], new NetworkPath(Inside, Server1));
        network.RunFor(TimeSpan.FromSeconds(1));
        Assert.That(server.Received[1].Path.Remote, Is.Not.EqualTo(server.Received[0].Path.Remote));
    }

    [Test]
    public void Hosts_behind_one_NAT_meet_directly_and_by_hairpin()
    {
        var (inside, server, network) = Make(NatBehavior.EndpointIndependent, NatBehavior.EndpointIndependent);
        var neighbourAddress = TransportAddress.Parse("192.168.0.3", 5000);
        var neighbour = new EchoNode();
        network.AddHost("neighbour", neighbour, network.Hosts[0].Nat, neighbourAddress);
        inside.Send([1], new NetworkPath(Inside, Server1));
        network.RunFor(TimeSpan.FromSeconds(1));
        neighbour.Send([2], new NetworkPath(neighbourAddress, Inside));
        neighbour.Send([3], new NetworkPath(neighbourAddress, server.Received[0].Path.Remote));
        network.RunFor(TimeSpan.FromSeconds(1));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(inside.Received[1].Path.Remote, Is.EqualTo(neighbourAddress));
            Assert.That(inside.Received[2].Path.Remote.HasSameAddress(Outside));
        }
    }

    private static (EchoNode Inside, EchoNode Server, VirtualNetwork Network) Make(NatBehavior mapping, NatBehavior filtering)
    {
        var network = new VirtualNetwork();
        var inside = new EchoNode();
        var server = new EchoNode { Echoes = true };
        network.AddHost("inside", inside, new VirtualNat(Outside, mapping, filtering), Inside);
        network.AddHost("server", server, Server1, Server1OtherPort, Server2);
        return (inside, server, network);
    }
}
