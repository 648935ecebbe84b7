using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>Browsers and a server with one port: over UDP, as a lite agent, and over TCP where UDP does not pass, because neither side is told of a UDP candidate.</summary>
[TestFixture]
[Category("Interop")]
internal sealed class TcpCandidateTests
{
    private static readonly PeerConnectionFactoryOptions OnePort = new() { UdpPort = 0, TcpPort = 0 };

    [Test]
    public async Task A_browser_without_UDP_exchanges_data_over_the_TCP_port([Values] BrowserKind kind, [Values] Offerer offerer, [Values] bool isLite)
    {
        await using var factory = new PeerConnectionFactory(null, OptionsFor(kind, isLite), OnePort);
        await using var dotNet = new DotNetPeer(factory.CreatePeerConnection());
        await using var browser = await BrowserPeer.OpenAsync(kind, "");
        await ConnectAsync(browser, dotNet, offerer, WithoutUdp);
        await ExchangeAsync(browser, dotNet);
        var pair = (await dotNet.Connection.GetStatsAsync()).GetAll<LocalCandidateStats>().Select(c => (c.Protocol, c.TcpType, c.Port));
        Assert.That(pair, Does.Contain(((IceProtocol?)IceProtocol.Tcp, (IceTcpCandidateType?)IceTcpCandidateType.Passive, (int?)factory.TcpEndPoints[0].Port)));
        Assert.That(dotNet.Connection.Sctp!.Transport.IceTransport.GetSelectedCandidatePair()!.Local.Protocol, Is.EqualTo(IceProtocol.Tcp));
    }

    [Test]
    public async Task Two_pages_of_a_browser_connect_to_the_same_UDP_port([Values] BrowserKind kind, [Values] bool isLite)
    {
        await using var factory = new PeerConnectionFactory(null, OptionsFor(kind, isLite), OnePort);
        await using var first = new DotNetPeer(factory.CreatePeerConnection());
        await using var second = new DotNetPeer(factory.CreatePeerConnection());
        await using var browser = await BrowserPeer.OpenAsync(kind, "");
        await using var another = await BrowserPeer.OpenAsync(kind, "");
        await ConnectAsync(browser, first, Offerer.Browser, static json => json);
        await ConnectAsync(another, second, Offerer.Browser, static json => json);
        await ExchangeAsync(browser, first);
        await ExchangeAsync(another, second);
        foreach (var dotNet in new[] { first, second })
        {
            var selected = dotNet.Connection.Sctp!.Transport.IceTransport.GetSelectedCandidatePair()!.Local;
            Assert.That((selected.Protocol, selected.Port), Is.EqualTo(((IceProtocol?)IceProtocol.Udp, (int?)factory.UdpEndPoints[0].Port)));
        }
    }

    // Firefox pairs a loopback candidate with loopback ones only, of which it has none over TCP; the machine's own address stays on the machine as well.
    private static PeerConnectionOptions OptionsFor(BrowserKind kind, bool isLite)
    {
        var address = kind == BrowserKind.Chromium ? IPAddress.Loopback : OwnAddress();
        if (address is null)
        {
            Assert.Ignore("This machine has no IPv4 address but loopback.");
        }

        return new PeerConnectionOptions { LocalAddresses = [address!], IceLite = isLite };
    }

    private static IPAddress? OwnAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(static network => network.OperationalStatus == OperationalStatus.Up)
        .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
        .Select(static information => information.Address)
        .FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));

    private static async Task ConnectAsync(BrowserPeer browser, DotNetPeer dotNet, Offerer offerer, Func<string, string> filter)
    {
        if (offerer == Offerer.Browser)
        {
            await browser.OpenChannelAsync("data");
            var offer = filter(await browser.OfferAsync("{}"));
            await browser.AcceptAnswerAsync(filter(await dotNet.AcceptOfferAsync(offer)));
        }
        else
        {
            dotNet.CreateChannel("data");
            var offer = filter(await dotNet.OfferAsync());
            await dotNet.AcceptAnswerAsync(filter(await browser.AcceptOfferAsync(offer, "null")));
        }

        await browser.ConnectedAsync();
        await dotNet.ConnectedAsync();
        await browser.ChannelOpenAsync("data");
    }

    private static async Task ExchangeAsync(BrowserPeer browser, DotNetPeer dotNet)
    {
        var channel = await dotNet.OpenChannelAsync("data");
        await browser.SendPatternAsync("data", 200_000);
        Assert.That((await dotNet.NextMessageAsync(channel)).Data.Span.SequenceEqual(Pattern.Make(200_000)), Is.True);
        channel.Send("back");
        Assert.That((await browser.NextMessageAsync("data")).Text, Is.EqualTo("back"));
    }

    private static string WithoutUdp(string json)
    {
        var description = SessionDescription.FromJson(json);
        var lines = description.Sdp.Split("\r\n").Where(static line => !line.StartsWith("a=candidate:", StringComparison.Ordinal) || line.Contains(" tcptype ", StringComparison.Ordinal));
        return new SessionDescription(description.Type, string.Join("\r\n", lines)).ToJson();
    }
}
