using Microsoft.Playwright;
using WebRtcCore.Interop.Tests.Harness.Networks;

namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>The browsers of this test run: each is started when first needed and shared by all tests, which have a page each.</summary>
[SetUpFixture]
internal sealed class Browsers
{
    private static readonly string[] ChromiumArguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--disable-features=WebRtcHideLocalIpsWithMdns",
        "--allow-loopback-in-peer-connection", "--autoplay-policy=no-user-gesture-required",
    ];

    private static readonly Dictionary<string, object> FirefoxPreferences = new()
    {
        ["media.navigator.streams.fake"] = true,
        ["media.navigator.permission.disabled"] = true,
        ["media.peerconnection.ice.obfuscate_host_addresses"] = false,
        // Without this, Firefox sends no check to 127.0.0.1.
        ["media.peerconnection.ice.loopback"] = true,
        ["media.autoplay.default"] = 0,
        ["media.autoplay.blocking_policy"] = 0,
    };

    // How long a page is waited for; a machine that has other things to do is slow.
    private const int PatienceMilliseconds = 60_000;

    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly Dictionary<BrowserKind, IBrowser> Started = [];
    private static IPlaywright? _playwright;

    /// <summary>A browser of a test's own, in its network. The test closes it. It is driven through pipes, which need no network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="scripts">Where a script can be put.</param>
    /// <param name="isHidden">Whether it hides its addresses behind <c>.local</c> names, as browsers do for pages that have no camera.</param>
    public static async Task<IBrowser> LaunchChromiumAsync(NetworkNamespace network, FileFolder scripts, bool isHidden = false)
    {
        var (program, arguments) = network.Enter(Peers.Require("chromium"));
        var script = scripts.PathOf("chromium");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\nexec {program} {string.Join(' ', arguments)} \"$@\"\n");
        await NetworkNamespace.RunAsync("chmod", "+x", script);
        var chosen = ChromiumArguments.Where(argument => !isHidden || !argument.Contains("WebRtcHideLocalIpsWithMdns", StringComparison.Ordinal));
        return await LaunchChromiumAsync(await GetPlaywrightAsync(), script, chosen);
    }

    /// <summary>A Firefox of a test's own, in its network. The test closes it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="scripts">Where a script can be put.</param>
    /// <param name="port">By which it is driven.</param>
    /// <param name="isHidden">Whether it hides its addresses behind <c>.local</c> names, as browsers do for pages that have no camera.</param>
    public static async Task<IBrowser> LaunchFirefoxAsync(NetworkNamespace network, FileFolder scripts, NamespacePort port, bool isHidden = false)
    {
        var (program, arguments) = network.Enter(Peers.Require("firefox-esr"));
        var script = scripts.PathOf("firefox");
        await File.WriteAllTextAsync(script, $$"""
            #!/bin/sh
            left=$#
            while [ $left -gt 0 ]; do
              argument=$1
              shift
              [ "$argument" = --remote-debugging-port=0 ] && argument=--remote-debugging-port={{port.Number}}
              set -- "$@" "$argument"
              left=$((left - 1))
            done
            exec {{program}} {{string.Join(' ', arguments)}} "$@"

            """);
        await NetworkNamespace.RunAsync("chmod", "+x", script);
        var preferences = new Dictionary<string, object>(FirefoxPreferences)
        {
            ["media.peerconnection.ice.obfuscate_host_addresses"] = isHidden,
            ["media.peerconnection.ice.loopback"] = false,
        };
        return await (await GetPlaywrightAsync()).Firefox.LaunchAsync(
            new() { Channel = "moz-firefox", ExecutablePath = script, Headless = true, FirefoxUserPrefs = preferences, Timeout = 120_000 });
    }

    /// <summary>A Chromium of a test's own, with more arguments. The test closes it.</summary>
    public static async Task<IBrowser> LaunchChromiumAsync(params string[] more)
    {
        var path = Peers.Require("chromium");
        var playwright = await GetPlaywrightAsync();
        return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Headless = true, Args = [.. ChromiumArguments, .. more], Timeout = 120_000 });
    }

    /// <summary>A Firefox of a test's own with a profile that the test has made, and more preferences. The test closes it.</summary>
    public static async Task<IBrowserContext> LaunchFirefoxAsync(string profile, params (string Name, object Value)[] more)
    {
        var preferences = new Dictionary<string, object>(FirefoxPreferences);
        foreach (var (name, value) in more)
        {
            preferences[name] = value;
        }

        var path = Peers.Require("firefox-esr");
        var playwright = await GetPlaywrightAsync();
        return await playwright.Firefox.LaunchPersistentContextAsync(
            profile, new() { Channel = "moz-firefox", ExecutablePath = path, Headless = true, FirefoxUserPrefs = preferences, Timeout = 120_000 });
    }

    /// <summary>A new page, in a profile of its own. The test closes its context.</summary>
    public static async Task<IPage> OpenPageAsync(BrowserKind kind, Uri address)
    {
        var browser = await GetAsync(kind);
        var context = await browser.NewContextAsync(new() { ColorScheme = ColorScheme.Light });
        context.SetDefaultTimeout(PatienceMilliseconds);
        var page = await context.NewPageAsync();
        page.Console += (_, message) => TestContext.Out.WriteLine($"{kind} console {message.Type}: {message.Text}");
        page.PageError += (_, error) => TestContext.Out.WriteLine($"{kind} page error: {error}");
        await page.GotoAsync(address.ToString());
        return page;
    }

    [OneTimeSetUp]
    public void BePatient() => Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);

    [OneTimeTearDown]
    public async Task CloseAllAsync()
    {
        foreach (var browser in Started.Values)
        {
            await browser.CloseAsync();
        }

        Started.Clear();
        _playwright?.Dispose();
        _playwright = null;
    }

    private static async Task<IBrowser> GetAsync(BrowserKind kind)
    {
        string path = Peers.Require(kind == BrowserKind.Chromium ? "chromium" : "firefox-esr");
        await Gate.WaitAsync();
        try
        {
            if (Started.TryGetValue(kind, out var running) && running.IsConnected)
            {
                return running;
            }

            var browser = await LaunchAsync(_playwright ??= await Playwright.CreateAsync(), kind, path);
            TestContext.Progress.WriteLine($"{kind} {browser.Version}");
            return Started[kind] = browser;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<IPlaywright> GetPlaywrightAsync()
    {
        await Gate.WaitAsync();
        try
        {
            return _playwright ??= await Playwright.CreateAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    private static Task<IBrowser> LaunchAsync(IPlaywright playwright, BrowserKind kind, string path) => kind switch
    {
        BrowserKind.Chromium => LaunchChromiumAsync(playwright, path, ChromiumArguments),
        // Without this channel, Playwright expects its own build of Firefox.
        BrowserKind.Firefox => playwright.Firefox.LaunchAsync(new()
        {
            Channel = "moz-firefox",
            ExecutablePath = path,
            Headless = true,
            FirefoxUserPrefs = FirefoxPreferences,
            Timeout = 120_000,
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static Task<IBrowser> LaunchChromiumAsync(IPlaywright playwright, string path, IEnumerable<string> arguments) =>
        playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Headless = true, Args = arguments, Timeout = 120_000 });
}
