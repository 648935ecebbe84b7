using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Interop.Tests.Harness.Networks;
using WebRtcCore.Stun;

namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>Browsers that reach .NET through samples/TurnServer, and through nothing else: data, sound and pictures, with both kinds of credentials.</summary>
[TestFixture]
[Category("Interop")]
internal sealed class BrowserRelayTests
{
    private readonly TestAuthority _authority = new();

    [OneTimeTearDown]
    public void RemoveAuthority() => _authority.Dispose();

    [Test]
    public async Task A_browser_and_dotnet_meet_on_our_relay(
        [Values] BrowserKind kind, [Values(IceServerTransportProtocol.Udp, IceServerTransportProtocol.Tcp)] IceServerTransportProtocol protocol, [Values] bool isTimeLimited)
    {
        using var server = await StartServerAsync();
        var (username, password) = Credentials(isTimeLimited);
        await using var call = await Call.OpenAsync(
            kind, Options(), Configuration(server, protocol, username, password), BrowserConfiguration(server, protocol, username, password));
        await ExchangeAsync(call);
    }

    // The browser trusts the server's key, as it would trust a certificate of a public authority.
    [TestCase(true)]
    [TestCase(false)]
    public async Task Chromium_and_dotnet_meet_on_our_relay_over_tls(bool isTimeLimited)
    {
        using var server = await StartServerAsync();
        var (username, password) = Credentials(isTimeLimited);
        await using var browser = await Browsers.LaunchChromiumAsync($"--ignore-certificate-errors-spki-list={_authority.KeyHash}");
        await using var call = await Call.OpenAsync(
            await browser.NewPageAsync(), Options(), Configuration(server, IceServerTransportProtocol.Tls, username, password), BrowserConfiguration(server, IceServerTransportProtocol.Tls, username, password));
        await ExchangeAsync(call);
    }

    // A profile with the authority in it, as an administrator would set one up.
    [TestCase(true)]
    [TestCase(false)]
    public async Task Firefox_and_dotnet_meet_on_our_relay_over_tls(bool isTimeLimited)
    {
        using var server = await StartServerAsync();
        var (username, password) = Credentials(isTimeLimited);
        using var profile = new FileFolder();
        var database = "sql:" + profile.PathOf(".");
        var certutil = Peers.Require("certutil");
        await NetworkNamespace.RunAsync(certutil, "-N", "-d", database, "--empty-password");
        await NetworkNamespace.RunAsync(certutil, "-A", "-d", database, "-n", "authority", "-t", "C,,", "-i", _authority.AuthorityFile);
        await using var browser = await Browsers.LaunchFirefoxAsync(profile.PathOf("."));
        await using var call = await Call.OpenAsync(
            await browser.NewPageAsync(), Options(), Configuration(server, IceServerTransportProtocol.Tls, username, password), BrowserConfiguration(server, IceServerTransportProtocol.Tls, username, password));
        await ExchangeAsync(call);
    }

    private static async Task ExchangeAsync(Call call)
    {
        call.DotNet.WithEcho();
        await call.Browser.AddMediaAsync(BrowserPeer.AudioAndVideo);
        await call.Browser.OpenChannelAsync("data");
        await call.ConnectAsync(Offerer.Browser);
        await call.Browser.ChannelOpenAsync("data");
        await call.Browser.SendPatternAsync("data", 100_000);
        Assert.That((await call.Browser.NextMessageAsync("data")) is { Length: 100_000, Intact: true }, Is.True, "what was sent comes back");
        await call.Browser.FramesGrowAsync(20);
        await call.Browser.AudioGrowsAsync(20);
        var candidates = (await call.DotNet.Connection.GetStatsAsync()).GetAll<LocalCandidateStats>().ToArray();
        Assert.That(candidates.Select(c => c.CandidateType), Is.All.EqualTo(IceCandidateType.Relay));
    }

    private static (string Username, string Password) Credentials(bool isTimeLimited)
    {
        var credentials = TurnRestCredentials.Create(Coturn.Secret, "carol", DateTimeOffset.UtcNow.AddHours(1));
        return isTimeLimited ? (credentials.Username, credentials.Password) : (Coturn.Username, Coturn.Password);
    }

    private static PeerConnectionConfiguration Configuration(TurnServerProcess server, IceServerTransportProtocol protocol, string username, string password) => new()
    {
        IceServers = [new IceServer(server.Url(protocol)) { Username = username, Credential = password }],
        IceTransportPolicy = IceTransportPolicy.Relay,
    };

    // Firefox reaches servers over TLS by name only: to an address it does not even connect.
    private static string BrowserConfiguration(TurnServerProcess server, IceServerTransportProtocol protocol, string username, string password) =>
        $"{{ iceServers: [{{ urls: '{server.Url(protocol).Replace("turns:127.0.0.1", "turns:localhost", StringComparison.Ordinal)}', username: '{username}', credential: '{password}' }}], iceTransportPolicy: 'relay' }}";

    private PeerConnectionOptions Options() => new()
    {
        LocalAddresses = [System.Net.IPAddress.Loopback],
        ServerCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetRawCertData().AsSpan().SequenceEqual(_authority.Encoded),
    };

    private Task<TurnServerProcess> StartServerAsync() => TurnServerProcess.StartAsync(
        null, "127.0.0.1", "--Turn:AllowPrivatePeers", "true", "--Turn:CertificateFile", _authority.CertificateFile, "--Turn:CertificateKeyFile", _authority.KeyFile);
}
