using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Interop.Tests.Harness.Networks;

namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>Calls between processes behind NATs of the kernel, with a server of either kind in between. What can be reached directly is.</summary>
[TestFixture]
[Category("Interop")]
internal sealed class NatTests
{
    private const int Bytes = 200_000;

    private static readonly object[] Networks =
    [
        new object[] { NatKind.Masquerade, NatKind.Masquerade, false },
        new object[] { NatKind.Masquerade, NatKind.Random, true },
        new object[] { NatKind.Random, NatKind.Random, true },
        new object[] { NatKind.FullyRandom, NatKind.FullyRandom, true },
    ];

    [TestCaseSource(nameof(Networks))]
    public Task Two_processes_meet_through_coturn(NatKind kindA, NatKind kindB, bool isRelayed) => TwoProcessesMeetAsync(isOwn: false, kindA, kindB, isRelayed);

    [TestCaseSource(nameof(Networks))]
    public Task Two_processes_meet_through_our_server(NatKind kindA, NatKind kindB, bool isRelayed) => TwoProcessesMeetAsync(isOwn: true, kindA, kindB, isRelayed);

    [TestCase(BrowserKind.Chromium, NatKind.Masquerade, NatKind.Masquerade, false, true)]
    [TestCase(BrowserKind.Chromium, NatKind.Random, NatKind.FullyRandom, true, true)]
    [TestCase(BrowserKind.Chromium, NatKind.Random, NatKind.FullyRandom, true, false)]
    [TestCase(BrowserKind.Firefox, NatKind.Masquerade, NatKind.Masquerade, false, true)]
    [TestCase(BrowserKind.Firefox, NatKind.Random, NatKind.FullyRandom, true, true)]
    [TestCase(BrowserKind.Firefox, NatKind.Random, NatKind.FullyRandom, true, false)]
    public async Task A_browser_and_a_process_meet(BrowserKind kind, NatKind kindA, NatKind kindB, bool isRelayed, bool isOwn)
    {
        await using var network = await NatNetwork.CreateAsync(kindA, kindB);
        using var server = await StartServerAsync(network, isOwn);
        using var scripts = new FileFolder();
        using var port = new NamespacePort(network.HomeA);
        await using var browser = kind == BrowserKind.Chromium
            ? await Browsers.LaunchChromiumAsync(network.HomeA, scripts)
            : await Browsers.LaunchFirefoxAsync(network.HomeA, scripts, port);
        await using var a = await BrowserPeer.OpenAsync(
            browser, $"{{ iceServers: [{{ urls: '{server.Url(IceServerTransportProtocol.Udp)}', username: '{Coturn.Username}', credential: '{Coturn.Password}' }}] }}");
        using var b = new ScriptedPeer(network.HomeB, Server(server));
        await a.OpenChannelAsync("data");
        await a.AcceptAnswerAsync(await b.AcceptOfferAsync(await a.OfferAsync()));
        await a.ConnectedAsync();
        await a.ChannelOpenAsync("data");
        await a.SendPatternAsync("data", Bytes);
        Assert.That((await a.NextMessageAsync("data")) is { Length: Bytes, Intact: true }, Is.True, "what was sent comes back");
        await b.PathAsync(Kinds(isRelayed));
    }

    private static async Task TwoProcessesMeetAsync(bool isOwn, NatKind kindA, NatKind kindB, bool isRelayed)
    {
        await using var network = await NatNetwork.CreateAsync(kindA, kindB);
        using var server = await StartServerAsync(network, isOwn);
        using var a = new ScriptedPeer(network.HomeA, Server(server));
        using var b = new ScriptedPeer(network.HomeB, Server(server));
        a.AcceptAnswer(await b.AcceptOfferAsync(await a.OfferAsync()));
        await Task.WhenAll(a.OpenAsync(), b.OpenAsync());
        await a.SendAndReceiveAsync(Bytes);
        await a.PathAsync(Kinds(isRelayed));
        await b.PathAsync(Kinds(isRelayed));
    }

    // Behind NATs that give each destination another port, nobody can be told where to send to: only the relay's address stays. The ends of a direct path are
    // addresses that a server or the peer has seen.
    private static string Kinds(bool isRelayed) => isRelayed ? ".*Relay.*" : "(?:Host|ServerReflexive|PeerReflexive) (?:ServerReflexive|PeerReflexive)";

    private static async Task<ITurnPeer> StartServerAsync(NatNetwork network, bool isOwn) => isOwn
        ? await TurnServerProcess.StartAsync(network.Internet, NatNetwork.PublicAddress)
        : await Coturn.StartAsync(network.Internet, NatNetwork.PublicAddress);

    // A TURN server is a STUN server too, and its answer to an allocation tells the address outside.
    private static string[] Server(ITurnPeer server) =>
        ["--server", server.Url(IceServerTransportProtocol.Udp), "--user", Coturn.Username, "--password", Coturn.Password];
}
