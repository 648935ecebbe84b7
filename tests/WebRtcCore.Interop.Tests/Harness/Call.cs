namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>A browser and a .NET process in one call, negotiated by whichever side the test wants.</summary>
internal sealed class Call : IAsyncDisposable
{
    private readonly UdpRelay? _relay;

    private Call(BrowserPeer browser, DotNetPeer dotNet, UdpRelay? relay)
    {
        Browser = browser;
        DotNet = dotNet;
        _relay = relay;
    }

    public BrowserPeer Browser { get; }

    public DotNetPeer DotNet { get; }

    /// <summary>Opens both sides; the browser's configuration is JavaScript. Where there is a relay, all goes through it; it is the caller's.</summary>
    public static async Task<Call> OpenAsync(
        BrowserKind kind,
        PeerConnectionOptions? options = null,
        PeerConnectionConfiguration? configuration = null,
        string browserConfiguration = "",
        UdpRelay? relay = null) =>
        new(await BrowserPeer.OpenAsync(kind, browserConfiguration), new DotNetPeer(options, configuration), relay);

    /// <summary>As the other, on an empty page of a browser of the test's own.</summary>
    public static async Task<Call> OpenAsync(
        Microsoft.Playwright.IPage page, PeerConnectionOptions options, PeerConnectionConfiguration configuration, string browserConfiguration) =>
        new(await BrowserPeer.OpenWithSiteAsync(page, browserConfiguration), new DotNetPeer(options, configuration), null);

    /// <summary>One round of offer and answer. What the browser is to send with its answer is given as constraints.</summary>
    public async Task NegotiateAsync(Offerer offerer, string answerConstraints = "null", bool iceRestart = false)
    {
        if (offerer == Offerer.Browser)
        {
            string offer = await Browser.OfferAsync(iceRestart ? "{ iceRestart: true }" : "{}");
            await Browser.AcceptAnswerAsync(ForBrowser(await DotNet.AcceptOfferAsync(ForDotNet(offer))));
        }
        else
        {
            string offer = await DotNet.OfferAsync(iceRestart);
            await DotNet.AcceptAnswerAsync(ForDotNet(await Browser.AcceptOfferAsync(ForBrowser(offer), answerConstraints)));
        }
    }

    /// <summary>Negotiates and waits until both sides are connected.</summary>
    public async Task ConnectAsync(Offerer offerer, string answerConstraints = "null")
    {
        await NegotiateAsync(offerer, answerConstraints);
        await Browser.ConnectedAsync();
        await DotNet.ConnectedAsync();
    }

    /// <summary>Connects with one open channel, made by the side that offers, and returns the .NET end.</summary>
    public async Task<DataChannel> ConnectWithChannelAsync(Offerer offerer, string label = "data")
    {
        if (offerer == Offerer.Browser)
        {
            await Browser.OpenChannelAsync(label);
        }
        else
        {
            DotNet.CreateChannel(label);
        }

        await ConnectAsync(offerer);
        await Browser.ChannelOpenAsync(label);
        return await DotNet.OpenChannelAsync(label);
    }

    /// <summary>Connects with audio, video or both, which the .NET side echoes.</summary>
    public async Task ConnectWithEchoedMediaAsync(Offerer offerer, bool audio = true, bool video = true)
    {
        string constraints = (audio, video) switch
        {
            (true, true) => BrowserPeer.AudioAndVideo,
            (true, false) => BrowserPeer.Audio,
            _ => BrowserPeer.Video,
        };
        DotNet.WithEcho();
        await ConnectWithMediaAsync(offerer, constraints);
    }

    /// <summary>Connects with media of the browser, which the .NET side receives.</summary>
    public async Task ConnectWithMediaAsync(Offerer offerer, string constraints)
    {
        if (offerer == Offerer.Browser)
        {
            await Browser.AddMediaAsync(constraints);
            await ConnectAsync(offerer);
            return;
        }

        if (constraints != BrowserPeer.Video)
        {
            DotNet.Connection.AddTransceiver(MediaKind.Audio);
        }

        if (constraints != BrowserPeer.Audio)
        {
            DotNet.Connection.AddTransceiver(MediaKind.Video);
        }

        await ConnectAsync(offerer, constraints);
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        await DotNet.DisposeAsync();
    }

    private string ForBrowser(string json) => _relay?.ForBrowser(json) ?? json;

    private string ForDotNet(string json) => _relay?.ForDotNet(json) ?? json;
}
