using System.Text.RegularExpressions;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Interop.Tests.Harness.Networks;

namespace WebRtcCore.Interop.Tests.Ice;

/// <summary>
/// Browsers and .NET processes on one network, hidden behind <c>.local</c> names. Where one side is given a name of the other that nobody answers for,
/// only the other can begin, and only if it finds what the name stands for.
/// </summary>
[TestFixture]
[Category("Interop")]
internal sealed partial class MulticastNameTests
{
    private const int Bytes = 100_000;

    [Test]
    public async Task The_name_of_a_browser_is_resolved([Values] BrowserKind kind)
    {
        await using var call = await HiddenCall.StartAsync(kind);
        var offer = await call.Browser.OfferAsync();
        AssertHidden(offer);
        await call.Browser.AcceptAnswerAsync(WithAnotherName(await call.Process.AcceptOfferAsync(offer)));
        await AssertDataFlowsAsync(call);

        // The candidate with the name.
        await call.Process.PathAsync(@"\w+ Host");
    }

    [Test]
    public async Task A_browser_resolves_our_name([Values] BrowserKind kind)
    {
        await using var call = await HiddenCall.StartAsync(kind);
        var answer = await call.Process.AcceptOfferAsync(WithAnotherName(await call.Browser.OfferAsync()));
        AssertHidden(answer);
        await call.Browser.AcceptAnswerAsync(answer);
        await AssertDataFlowsAsync(call);
        await call.Process.PathAsync("Host PeerReflexive");
    }

    [Test]
    public async Task Two_processes_on_one_network_find_each_other_by_name()
    {
        await using var namespaces = await NetworkNamespaces.CreateAsync();
        var (here, there) = await LinkedAsync(namespaces);
        using var a = new ScriptedPeer(here, "--hide", "true");
        using var b = new ScriptedPeer(there, "--hide", "true");
        var answer = await b.AcceptOfferAsync(await a.OfferAsync());
        AssertHidden(answer);
        a.AcceptAnswer(answer);
        await a.OpenAsync();
        await a.SendAndReceiveAsync(Bytes);
    }

    private static async Task AssertDataFlowsAsync(HiddenCall call)
    {
        await call.Browser.ConnectedAsync();
        await call.Browser.ChannelOpenAsync("data");
        await call.Browser.SendPatternAsync("data", Bytes);
        Assert.That((await call.Browser.NextMessageAsync("data")) is { Length: Bytes, Intact: true }, Is.True, "what was sent comes back");
    }

    private static void AssertHidden(string description)
    {
        Assert.That(description, Does.Match(@"a=candidate:[^\\]+ [0-9a-f-]{36}\.local [0-9]+ typ host"));
        Assert.That(description, Does.Not.Match("10\\.0\\.9\\.|fd09:"));
    }

    private static string WithAnotherName(string description) => Name().Replace(description, "00000000-0000-4000-8000-000000000000.local");

    private static async Task<(NetworkNamespace Here, NetworkNamespace There)> LinkedAsync(NetworkNamespaces namespaces)
    {
        var here = await namespaces.AddAsync("here");
        var there = await namespaces.AddAsync("there");
        await NetworkNamespaces.LinkAsync((here, "lan", "10.0.9.1/24"), (there, "lan", "10.0.9.2/24"));

        // Browsers gather nothing without a way out.
        await here.IpAsync("route add default via 10.0.9.2");
        await there.IpAsync("route add default via 10.0.9.1");
        return (here, there);
    }

    [GeneratedRegex(@"[0-9a-f-]{36}\.local")]
    private static partial Regex Name();

    /// <summary>A browser and a process in two namespaces, joined by one link.</summary>
    private sealed class HiddenCall(
        NetworkNamespaces namespaces, FileFolder scripts, NamespacePort port, Microsoft.Playwright.IBrowser running, BrowserPeer browser, ScriptedPeer process) : IAsyncDisposable
    {
        public BrowserPeer Browser => browser;

        public ScriptedPeer Process => process;

        public static async Task<HiddenCall> StartAsync(BrowserKind kind)
        {
            var namespaces = await NetworkNamespaces.CreateAsync();
            var (here, there) = await LinkedAsync(namespaces);
            var scripts = new FileFolder();
            var port = new NamespacePort(here);
            var running = kind == BrowserKind.Chromium
                ? await Browsers.LaunchChromiumAsync(here, scripts, isHidden: true)
                : await Browsers.LaunchFirefoxAsync(here, scripts, port, isHidden: true);
            var browser = await BrowserPeer.OpenAsync(running, "{}");
            await browser.OpenChannelAsync("data");
            return new HiddenCall(namespaces, scripts, port, running, browser, new ScriptedPeer(there, "--hide", "true"));
        }

        public async ValueTask DisposeAsync()
        {
            process.Dispose();
            await running.CloseAsync();
            port.Dispose();
            scripts.Dispose();
            await namespaces.DisposeAsync();
        }
    }
}
