using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Interop.Tests.Harness.Networks;

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
    public async Task Sound_pictures_and_data_pass_over_the_TCP_port_without_UDP([Values] BrowserKind kind, [Values] Offerer offerer)
    {
        await using var factory = new PeerConnectionFactory(null, OptionsFor(kind, isLite: false), OnePort);
        await using var dotNet = new DotNetPeer(factory.CreatePeerConnection()).WithEcho();
        await using var browser = await BrowserPeer.OpenAsync(kind, "");
        if (offerer == Offerer.Browser)
        {
            await browser.AddMediaAsync(BrowserPeer.AudioAndVideo);
        }
        else
        {
            dotNet.Connection.AddTransceiver(MediaKind.Audio);
            dotNet.Connection.AddTransceiver(MediaKind.Video);
        }

        await ConnectAsync(browser, dotNet, offerer, WithoutUdp, BrowserPeer.AudioAndVideo);
        await browser.FramesGrowAsync();
        await browser.AudioGrowsAsync();
        await browser.OpenChannelAsync("echoed");
        await browser.ChannelOpenAsync("echoed");
        await browser.SendPatternAsync("echoed", 250_000);
        Assert.That((await browser.NextMessageAsync("echoed")) is { Length: 250_000, Intact: true }, Is.True);
        await browser.FramesGrowAsync();
        var selected = dotNet.Connection.Sctp!.Transport.IceTransport.GetSelectedCandidatePair()!;
        Assert.That((selected.Local.Protocol, selected.Local.TcpType, selected.Remote.TcpType), Is.EqualTo(((IceProtocol?)IceProtocol.Tcp, (IceTcpCandidateType?)IceTcpCandidateType.Passive, (IceTcpCandidateType?)IceTcpCandidateType.Active)));
        Assert.That((await dotNet.Connection.GetStatsAsync()).GetAll<IceCandidatePairStats>().Where(p => p.BytesReceived > 0), Has.Exactly(1).Items, "everything came by one way");
    }

    [Test]
    public async Task Chromium_reaches_a_process_over_TCP_where_a_firewall_drops_UDP([Values] Offerer offerer)
    {
        await using var namespaces = await NetworkNamespaces.CreateAsync();
        var here = await namespaces.AddAsync("here");
        var there = await namespaces.AddAsync("there");
        await NetworkNamespaces.LinkAsync((here, "lan", "10.0.9.1/24"), (there, "lan", "10.0.9.2/24"));

        // Browsers gather nothing without a way out.
        await here.IpAsync("route add default via 10.0.9.2");
        await there.NftAsync("table ip firewall { chain input { type filter hook input priority filter; policy accept; meta l4proto udp drop; }; }\n");
        using var scripts = new FileFolder();
        await using var running = await Browsers.LaunchChromiumAsync(here, scripts);
        using var process = new ScriptedPeer(there, "--tcp", "active,passive");
        var browser = await BrowserPeer.OpenAsync(running, "{}");
        if (offerer == Offerer.Browser)
        {
            await browser.OpenChannelAsync("data");
            await browser.AcceptAnswerAsync(await process.AcceptOfferAsync(await browser.OfferAsync()));
        }
        else
        {
            process.AcceptAnswer(await browser.AcceptOfferAsync(await process.OfferAsync()));
        }

        await browser.ConnectedAsync();
        await browser.ChannelOpenAsync("data");
        if (offerer == Offerer.Browser)
        {
            await browser.SendPatternAsync("data", 200_000);
            Assert.That((await browser.NextMessageAsync("data")) is { Length: 200_000, Intact: true }, Is.True, "what was sent comes back");
        }

        await process.PathAsync("Host (?:Host|PeerReflexive)");
    }

    [Test]
    public async Task Chromium_connects_and_does_not_listen()
    {
        await using var browser = await BrowserPeer.OpenAsync(BrowserKind.Chromium, "");
        await browser.OpenChannelAsync("data");
        var kinds = SessionDescription.FromJson(await browser.OfferAsync("{}")).Sdp.Split("\r\n").Where(static line => line.Contains(" tcptype ", StringComparison.Ordinal)).ToList();
        Assert.That(kinds, Is.Not.Empty.And.All.Contains(" 9 typ host tcptype active"), "so only our passive candidates serve it; should it listen one day, our active ones are to be tested too");
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

    private static async Task ConnectAsync(BrowserPeer browser, DotNetPeer dotNet, Offerer offerer, Func<string, string> filter, string constraints = "null")
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
            await dotNet.AcceptAnswerAsync(filter(await browser.AcceptOfferAsync(offer, constraints)));
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
