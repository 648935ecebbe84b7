using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Interop.Tests.Harness.Networks;

namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>
/// A machine with two interfaces loses one and gets it back, then the other, while data and audio flow: the call goes on without new signalling.
/// </summary>
/// <remarks>
/// <code>
///        /-- first 10.1.1.2 ---\
///  mobile                       internet -- fixed 10.1.3.2
///        \-- second 10.1.2.2 --/
/// </code>
/// </remarks>
[TestFixture]
[Category("Interop")]
internal sealed class NetworkChangeTests
{
    private const int Small = 250_000;
    private const int Messages = 20;
    private const int Packets = 100;
    private const int Large = 10_000_000;

    [Test]
    public async Task Data_and_audio_survive_that_each_interface_goes_and_comes_back([Values] bool isMobileOffering, [Values] bool isUdpBlocked)
    {
        await using var namespaces = await NetworkNamespaces.CreateAsync();
        var (internet, mobile, still) = await MakeAsync(namespaces);
        if (isUdpBlocked)
        {
            await internet.NftAsync("table ip firewall { chain forward { type filter hook forward priority filter; policy accept; meta l4proto udp drop; }; }\n");
        }

        using var a = new ScriptedPeer(isMobileOffering ? mobile : still, "--tcp", "active,passive");
        using var b = new ScriptedPeer(isMobileOffering ? still : mobile, "--tcp", "active,passive");
        a.AcceptAnswer(await b.AcceptOfferAsync(await a.OfferAsync()));
        await Task.WhenAll(a.OpenAsync(), b.OpenAsync());
        a.StartAudio();
        a.Send(Large);
        await b.HearAsync(50);

        await mobile.SetLinkAsync("first", isUp: false);
        await b.HearAsync(50);
        await mobile.SetLinkAsync("first", isUp: true);
        await mobile.IpAsync("route add default via 10.1.1.1 metric 1");
        await mobile.SetLinkAsync("second", isUp: false);
        await b.HearAsync(50);
        await a.ReturnedAsync(Large);
        await a.SendAndReceiveAsync(Small);
        await b.HearAsync(50);
        Assert.That(a.Output + b.Output, Does.Not.Contain("state Failed"));
    }

    [Test]
    public async Task Data_and_video_of_Chromium_survive_that_each_of_our_interfaces_goes_and_comes_back()
    {
        await using var namespaces = await NetworkNamespaces.CreateAsync();
        var (_, mobile, still) = await MakeAsync(namespaces);
        using var scripts = new FileFolder();
        await using var running = await Browsers.LaunchChromiumAsync(still, scripts);
        using var process = new ScriptedPeer(mobile);
        var browser = await BrowserPeer.OpenAsync(running, "{}");
        await browser.RunAsync("peer.addDrawing()");
        await browser.OpenChannelAsync("data");
        await browser.AcceptAnswerAsync(await process.AcceptOfferAsync(await browser.OfferAsync()));
        await browser.ChannelOpenAsync("data");
        await process.HearAsync(Packets);

        await SendAsync(browser);
        await mobile.SetLinkAsync("first", isUp: false);
        await process.HearAsync(Packets);
        await ReturnedAsync(browser);

        await mobile.SetLinkAsync("first", isUp: true);
        await mobile.IpAsync("route add default via 10.1.1.1 metric 1");
        await SendAsync(browser);
        await mobile.SetLinkAsync("second", isUp: false);
        await process.HearAsync(Packets);
        await ReturnedAsync(browser);
        Assert.That(process.Output, Does.Not.Contain("state Failed"));
        Assert.That(await browser.Page.EvaluateAsync<string>("() => peer.pc.connectionState"), Is.EqualTo("connected"));
    }

    private static async Task SendAsync(BrowserPeer browser)
    {
        for (var i = 0; i < Messages; i++)
        {
            await browser.SendPatternAsync("data", Small);
        }
    }

    private static async Task ReturnedAsync(BrowserPeer browser)
    {
        for (var i = 0; i < Messages; i++)
        {
            Assert.That((await browser.NextMessageAsync("data")) is { Length: Small, Intact: true }, Is.True, $"message {i} comes back");
        }
    }

    private static async Task<(NetworkNamespace Internet, NetworkNamespace Mobile, NetworkNamespace Fixed)> MakeAsync(NetworkNamespaces namespaces)
    {
        var internet = await namespaces.AddAsync("net");
        var mobile = await namespaces.AddAsync("mobile");
        var still = await namespaces.AddAsync("fixed");
        await internet.ForwardAsync();
        await NetworkNamespaces.LinkAsync((internet, "to1", "10.1.1.1/24"), (mobile, "first", "10.1.1.2/24"));
        await NetworkNamespaces.LinkAsync((internet, "to2", "10.1.2.1/24"), (mobile, "second", "10.1.2.2/24"));
        await NetworkNamespaces.LinkAsync((internet, "to3", "10.1.3.1/24"), (still, "only", "10.1.3.2/24"));
        await mobile.IpAsync("route add default via 10.1.1.1 metric 1");
        await mobile.IpAsync("route add default via 10.1.2.1 metric 2");
        await still.IpAsync("route add default via 10.1.3.1");
        return (internet, mobile, still);
    }
}
