using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;
using WebRtcCore.Transport.Sharing;

namespace WebRtcCore.Tests.Transport.Sharing;

public class SharedPortsTests
{
    private const int Bound = RecentAddresses<SharedUdpSocket>.MaxAddresses;

    private SharedPorts _ports = null!;

    [SetUp]
    public void SetUp() => _ports = new SharedPorts(
        new PeerConnectionOptions { LocalAddresses = [IPAddress.Loopback] }, new PeerConnectionFactoryOptions { UdpPort = 0, TcpPort = 0 }, NullLogger.Instance);

    [TearDown]
    public async Task TearDown() => await _ports.DisposeAsync();

    [Test]
    public async Task Addresses_that_come_and_go_do_not_add_up()
    {
        for (var i = 1; i <= 2 * Bound; i++)
        {
            await using var share = _ports.AttachUdp(Address(i));
            Assert.That(share, Is.Not.Null);
            Assert.That(_ports.FindTcp(Address(i)), Is.Not.Null);
        }

        Assert.That(_ports.UdpEndPoints, Has.Count.EqualTo(Bound));
        Assert.That(_ports.TcpEndPoints, Has.Count.EqualTo(Bound));
        Assert.That(_ports.UdpEndPoints.Select(static local => local.Port).Distinct().Count(), Is.EqualTo(1), "one port on all of them");
        Assert.That(_ports.UdpEndPoints[^1].Address, Is.EqualTo(Address(2 * Bound).ToIPEndPoint().Address), "the address asked for last is there");
    }

    [Test]
    public async Task A_socket_in_use_does_not_give_way()
    {
        await using var inUse = _ports.AttachUdp(Address(1))!;
        for (var i = 2; i <= 2 * Bound; i++)
        {
            await _ports.AttachUdp(Address(i))!.DisposeAsync();
        }

        Assert.That(_ports.UdpEndPoints, Has.Count.EqualTo(Bound));
        Assert.That(_ports.UdpEndPoints, Does.Contain(inUse.LocalAddress.ToIPEndPoint()));
    }

    [Test]
    public async Task An_address_asked_for_again_does_not_give_way()
    {
        for (var i = 1; i <= 2 * Bound; i++)
        {
            await _ports.AttachUdp(Address(0))!.DisposeAsync();
            await _ports.AttachUdp(Address(i))!.DisposeAsync();
            _ = _ports.FindTcp(Address(0));
            _ = _ports.FindTcp(Address(i));
        }

        Assert.That(_ports.UdpEndPoints.Select(static local => local.Address), Does.Contain(Address(0).ToIPEndPoint().Address));
        Assert.That(_ports.TcpEndPoints.Select(static local => local.Address), Does.Contain(Address(0).ToIPEndPoint().Address));
    }

    [Test]
    public void No_more_addresses_are_bound_than_may_be_in_use_at_once()
    {
        for (var i = 1; i <= Bound; i++)
        {
            Assert.That(_ports.AttachUdp(Address(i)), Is.Not.Null, "the idle one of the start gives way");
        }

        Assert.That(_ports.AttachUdp(Address(Bound + 1)), Is.Null);
        Assert.That(_ports.UdpEndPoints, Has.Count.EqualTo(Bound));
    }

    // All of 127.0.0.0/8 is this machine.
    private static TransportAddress Address(int number) => TransportAddress.From(new IPAddress([127, 9, 0, (byte)number]), 0);
}
