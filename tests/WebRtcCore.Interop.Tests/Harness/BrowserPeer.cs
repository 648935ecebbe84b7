using Microsoft.Playwright;

namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>A page with one RTCPeerConnection; TestPage/peer.js is its other half.</summary>
internal sealed class BrowserPeer : IAsyncDisposable
{
    /// <summary>getUserMedia constraints, as JavaScript.</summary>
    public const string AudioAndVideo = "{ audio: true, video: { width: 320, height: 240 } }";

    public const string Audio = "{ audio: true }";

    public const string Video = "{ video: { width: 320, height: 240 } }";

    private readonly StaticSite? _site;

    private BrowserPeer(IPage page, StaticSite? site)
    {
        Page = page;
        _site = site;
    }

    public IPage Page { get; }

    /// <summary>Opens a page with a connection; <paramref name="configuration"/> is JavaScript.</summary>
    public static async Task<BrowserPeer> OpenAsync(BrowserKind kind, string configuration = "")
    {
        var site = StaticSite.Start(Path.Combine(AppContext.BaseDirectory, "TestPage"));
        var page = await Browsers.OpenPageAsync(kind, site.Address);
        var peer = new BrowserPeer(page, site);
        await peer.RunAsync($"peer.create({configuration})");
        return peer;
    }

    /// <summary>A peer on a page of somebody else's site, with the script added to it.</summary>
    public static async Task<BrowserPeer> OpenAsync(BrowserKind kind, Uri address)
    {
        var page = await Browsers.OpenPageAsync(kind, address);
        await page.AddScriptTagAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "TestPage", "peer.js") });
        return new BrowserPeer(page, null);
    }

    /// <summary>A peer in a browser that has no site to go to: an empty page with the script. The caller closes the browser.</summary>
    public static async Task<BrowserPeer> OpenAsync(IBrowser browser, string configuration)
    {
        var page = await browser.NewPageAsync();
        await page.AddScriptTagAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "TestPage", "peer.js") });
        var peer = new BrowserPeer(page, null);
        await peer.RunAsync($"peer.create({configuration})");
        return peer;
    }

    /// <summary>A peer on the test site, on a page of a browser of the test's own.</summary>
    public static async Task<BrowserPeer> OpenWithSiteAsync(IPage page, string configuration)
    {
        var site = StaticSite.Start(Path.Combine(AppContext.BaseDirectory, "TestPage"));
        await page.GotoAsync(site.Address.ToString());
        var peer = new BrowserPeer(page, site);
        await peer.RunAsync($"peer.create({configuration})");
        return peer;
    }

    public Task AddMediaAsync(string constraints) => RunAsync($"peer.addMedia({constraints})");

    /// <summary>Opens a channel; <paramref name="options"/> is JavaScript.</summary>
    public Task OpenChannelAsync(string label, string options = "{}") => RunAsync($"peer.openChannel('{label}', {options})");

    /// <summary>The JSON of a complete offer.</summary>
    public Task<string> OfferAsync(string options = "{}") => Page.EvaluateAsync<string>($"() => peer.offer({options})");

    /// <summary>Accepts an offer, gives media to its transceivers if constraints are given, and returns the JSON of the complete answer.</summary>
    public Task<string> AcceptOfferAsync(string json, string constraints = "null") =>
        Page.EvaluateAsync<string>($"json => peer.acceptOffer(json, {constraints})", json);

    public Task AcceptAnswerAsync(string json) => Page.EvaluateAsync("json => peer.acceptAnswer(json)", json);

    public Task ConnectedAsync() => RunAsync("peer.connected()");

    public Task ChannelOpenAsync(string label) => RunAsync($"peer.channelState('{label}', 'open')");

    public Task ChannelClosedAsync(string label) => RunAsync($"peer.channelState('{label}', 'closed')");

    public Task SendAsync(string label, string text) => Page.EvaluateAsync($"text => peer.sendText('{label}', text)", text);

    public Task SendPatternAsync(string label, int length) => RunAsync($"peer.sendBinary('{label}', {length})");

    public Task<BrowserMessage> NextMessageAsync(string label) => Page.EvaluateAsync<BrowserMessage>($"() => peer.nextMessage('{label}')");

    /// <summary>Waits until the sum of a counter of getStats() has grown by an amount, and returns it.</summary>
    public Task<double> GrowsAsync(string type, string kind, string counter, double amount) =>
        Page.EvaluateAsync<double>(FormattableString.Invariant($"() => peer.grows('{type}', '{kind}', '{counter}', {amount})"));

    /// <summary>Waits until the sum of a counter of getStats() is as it should be, by a condition on <c>n</c> in JavaScript, and returns it.</summary>
    public Task<double> BecomesAsync(string type, string kind, string counter, string condition) =>
        Page.EvaluateAsync<double>($"() => peer.becomes('{type}', '{kind}', '{counter}', (n) => {condition})");

    /// <summary>The sum of a counter of getStats() over all streams of a kind, or null where the browser does not report it.</summary>
    public Task<double?> CounterAsync(string type, string kind, string counter) =>
        Page.EvaluateAsync<double?>($"() => peer.reported('{type}', '{kind}', '{counter}')");

    public Task FramesGrowAsync(int frames = 30) => GrowsAsync("inbound-rtp", "video", "framesDecoded", frames);

    public Task AudioGrowsAsync(int packets = 50) => GrowsAsync("inbound-rtp", "audio", "packetsReceived", packets);

    public Task RunAsync(string script) => Page.EvaluateAsync($"async () => {{ await {script}; }}");

    public async ValueTask DisposeAsync()
    {
        await RunAsync("peer.close()");
        await Page.Context.CloseAsync();
        _site?.Dispose();
    }
}
