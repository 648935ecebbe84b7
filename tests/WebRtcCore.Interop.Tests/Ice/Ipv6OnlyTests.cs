using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Interop.Tests.Harness.Networks;

namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>Calls where nobody has an IPv4 address: directly, and through the TURN server of this repository.</summary>
/// <remarks>
/// <code>
///  a 2001:db8:1::2 -- internet 2001:db8::1 -- b 2001:db8:2::2
/// </code>
/// </remarks>
[TestFixture]
[Category("Interop")]
internal sealed class Ipv6OnlyTests
{
    private const int Bytes = 200_000;
    private const string PublicAddress = "2001:db8::1";

    [Test]
    public async Task Two_processes_meet()
    {
        await using var namespaces = await NetworkNamespaces.CreateAsync();
        var (_, homeA, homeB) = await MakeAsync(namespaces);
        using var a = new ScriptedPeer(homeA);
        using var b = new ScriptedPeer(homeB);
        await MeetAsync(a, b);
        await a.PathAsync("Host (?:Host|PeerReflexive)");
        await b.PathAsync("Host (?:Host|PeerReflexive)");
    }

    [TestCase(IceServerTransportProtocol.Udp)]
    [TestCase(IceServerTransportProtocol.Tcp)]
    public async Task Two_processes_meet_on_our_relay(IceServerTransportProtocol protocol)
    {
        await using var namespaces = await NetworkNamespaces.CreateAsync();
        var (internet, homeA, homeB) = await MakeAsync(namespaces);
        using var server = await TurnServerProcess.StartAsync(internet, PublicAddress);
        string[] arguments = ["--server", server.Url(protocol), "--user", Coturn.Username, "--password", Coturn.Password, "--policy", "relay"];
        using var a = new ScriptedPeer(homeA, arguments);
        using var b = new ScriptedPeer(homeB, arguments);
        await MeetAsync(a, b);
        await a.PathAsync("Relay Relay");
        await b.PathAsync("Relay Relay");
    }

    [Test]
    public async Task A_browser_and_a_process_meet([Values] BrowserKind kind)
    {
        await using var namespaces = await NetworkNamespaces.CreateAsync();
        var (_, homeA, homeB) = await MakeAsync(namespaces);
        using var scripts = new FileFolder();
        using var port = new NamespacePort(homeA);
        await using var running = kind == BrowserKind.Chromium
            ? await Browsers.LaunchChromiumAsync(homeA, scripts)
            : await Browsers.LaunchFirefoxAsync(homeA, scripts, port);
        await using var browser = await BrowserPeer.OpenAsync(running, "{}");
        using var process = new ScriptedPeer(homeB);
        await browser.OpenChannelAsync("data");
        await browser.AcceptAnswerAsync(await process.AcceptOfferAsync(await browser.OfferAsync()));
        await browser.ConnectedAsync();
        await browser.ChannelOpenAsync("data");
        await browser.SendPatternAsync("data", Bytes);
        Assert.That((await browser.NextMessageAsync("data")) is { Length: Bytes, Intact: true }, Is.True, "what was sent comes back");
        await process.PathAsync("Host (?:Host|PeerReflexive)");
    }

    private static async Task MeetAsync(ScriptedPeer a, ScriptedPeer b)
    {
        var offer = await a.OfferAsync();
        var answer = await b.AcceptOfferAsync(offer);
        a.AcceptAnswer(answer);
        await Task.WhenAll(a.OpenAsync(), b.OpenAsync());
        await a.SendAndReceiveAsync(Bytes);
        Assert.That(offer + answer, Does.Contain(" 2001:db8:").And.Not.Match(@"a=candidate:\S+ 1 \S+ \d+ \d+\.\d+\.\d+\.\d+ "), "candidates are IPv6 addresses only");
    }

    private static async Task<(NetworkNamespace Internet, NetworkNamespace HomeA, NetworkNamespace HomeB)> MakeAsync(NetworkNamespaces namespaces)
    {
        var internet = await namespaces.AddAsync("net");
        var homeA = await namespaces.AddAsync("homea");
        var homeB = await namespaces.AddAsync("homeb");
        await internet.ForwardAsync();
        await internet.IpAsync($"address add {PublicAddress}/128 dev lo");
        await NetworkNamespaces.LinkAsync((internet, "toa", "2001:db8:1::1/64"), (homeA, "lan", "2001:db8:1::2/64"));
        await NetworkNamespaces.LinkAsync((internet, "tob", "2001:db8:2::1/64"), (homeB, "lan", "2001:db8:2::2/64"));
        await homeA.IpAsync("-6 route add default via 2001:db8:1::1");
        await homeB.IpAsync("-6 route add default via 2001:db8:2::1");
        return (internet, homeA, homeB);
    }
}
