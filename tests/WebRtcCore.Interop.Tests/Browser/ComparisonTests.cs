using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>
/// The same bad network between two Chromiums, from this library to a Chromium, and from a Chromium to this library, which passes on what it gets: what is
/// seen and heard at the end is at most a fifth worse than between the browsers. <c>tests/run-long.sh Comparison</c> has every cell at full length.
/// </summary>
[NonParallelizable]
internal sealed class ComparisonTests
{
    private static readonly int Seconds = LongRun.Choose(6, 30);

    public static IEnumerable<TestCaseData> Cells()
    {
        foreach (string codec in LongRun.IsOn ? new[] { "video/VP8", "video/VP9", "video/H264", "video/AV1" } : ["video/VP8"])
        {
            foreach (double loss in LongRun.IsOn ? new[] { 0, 0.02, 0.05, 0.1 } : [0.05])
            {
                yield return new TestCaseData(codec, loss, 0);
            }

            yield return new TestCaseData(codec, 0.0, 100);
        }
    }

    [TestCaseSource(nameof(Cells))]
    public async Task Is_seen_and_heard_nearly_as_well_as_between_two_browsers(string codec, double loss, int jitterMilliseconds)
    {
        var network = new Network(loss, TimeSpan.FromMilliseconds(jitterMilliseconds));

        // On a busy machine any of the three ways may have a bad time.
        await Measurement.RepeatAsync(async () =>
        {
            var browsers = await BetweenBrowsersAsync(codec, network);
            var sending = await ThroughDotNetAsync(codec, network, isLossyBehind: true);
            var receiving = await ThroughDotNetAsync(codec, network, isLossyBehind: false);
            TestContext.Out.WriteLine($"{codec} {loss:P0} loss, {jitterMilliseconds} ms jitter, {Seconds} s");
            TestContext.Out.WriteLine($"  Chromium - Chromium: {browsers}");
            TestContext.Out.WriteLine($"  .NET     - Chromium: {sending}");
            TestContext.Out.WriteLine($"  Chromium - .NET:     {receiving}");
            return [.. FindWorse(sending, browsers, loss, "sending"), .. FindWorse(receiving, browsers, loss, "receiving")];
        });
    }

    // A fifth worse at most, and what is chance: one hiccup of the machine, three in the short run, which shares it with others; and how many of the packets of sound
    // are hit.
    private static IEnumerable<string> FindWorse(ReceivedQuality measured, ReceivedQuality browsers, double loss, string what)
    {
        double chance = 0.01 + (3 * Math.Sqrt(2 * loss * (1 - loss) / (50 * Seconds)));
        (string Name, bool IsWorse)[] figures =
        [
            ("frames", measured.Frames < 0.8 * browsers.Frames),
            ("freezes", measured.Freezes > (1.2 * browsers.Freezes) + LongRun.Choose(3, 1)),
            ("frozen", measured.FrozenSeconds > (1.2 * browsers.FrozenSeconds) + (LongRun.IsOn ? 0.5 : 1)),
            ("concealment", measured.Concealed > (1.2 * browsers.Concealed) + chance),
        ];
        return figures.Where(f => f.IsWorse).Select(f => $"{f.Name}, {what}: {measured} after {browsers}");
    }

    private static async Task<ReceivedQuality> BetweenBrowsersAsync(string codec, Network network)
    {
        using var relay = new UdpRelay();
        await using var sender = await BrowserPeer.OpenAsync(BrowserKind.Chromium);
        await using var receiver = await BrowserPeer.OpenAsync(BrowserKind.Chromium);
        await sender.AddMediaAsync(BrowserPeer.AudioAndVideo);
        await sender.RunAsync($"peer.preferVideo('{codec}')");
        string answer = await receiver.AcceptOfferAsync(relay.ForBrowser(await sender.OfferAsync()));
        await sender.AcceptAnswerAsync(relay.ForDotNet(answer));
        await receiver.ConnectedAsync();
        return await MeasureAsync(receiver, relay, network, codec);
    }

    // Chromium, .NET, Chromium: the bad network is before or behind .NET.
    private static async Task<ReceivedQuality> ThroughDotNetAsync(string codec, Network network, bool isLossyBehind)
    {
        using var relay = new UdpRelay();

        // The codec, and what repairs it, as between the browsers.
        var codecs = RtpCapabilities.DefaultVideo.Codecs.Where(c => c.MimeType == codec || c.MimeType is "video/red" or "video/ulpfec");
        var options = PeerConnectionOptions.Default with { VideoCapabilities = RtpCapabilities.DefaultVideo with { Codecs = [.. codecs] } };
        await using var sender = await BrowserPeer.OpenAsync(BrowserKind.Chromium);
        await using var receiver = await BrowserPeer.OpenAsync(BrowserKind.Chromium);
        await using var before = new DotNetPeer(options);
        await using var behind = new DotNetPeer(options);
        using var bridge = new FrameBridge(before.Connection, behind.Connection);

        var relayBehind = isLossyBehind ? relay : null;
        string offer = await behind.OfferAsync();
        string answer = await receiver.AcceptOfferAsync(relayBehind?.ForBrowser(offer) ?? offer);
        await behind.AcceptAnswerAsync(relayBehind?.ForDotNet(answer) ?? answer);
        await receiver.ConnectedAsync();

        var relayBefore = isLossyBehind ? null : relay;
        await sender.AddMediaAsync(BrowserPeer.AudioAndVideo);
        offer = await sender.OfferAsync();
        answer = await before.AcceptOfferAsync(relayBefore?.ForDotNet(offer) ?? offer);
        await sender.AcceptAnswerAsync(relayBefore?.ForBrowser(answer) ?? answer);
        return await MeasureAsync(receiver, relay, network, codec);
    }

    private static async Task<ReceivedQuality> MeasureAsync(BrowserPeer receiver, UdpRelay relay, Network network, string codec)
    {
        foreach (var direction in new[] { relay.ToDotNet, relay.ToBrowser })
        {
            direction.Delay = TimeSpan.FromMilliseconds(25);
        }

        await receiver.FramesGrowAsync(30);
        await receiver.AudioGrowsAsync(50);
        string[] codecs = await receiver.Page.EvaluateAsync<string[]>("async () => (await peer.stats('codec')).map((c) => c.mimeType)");
        Assert.That(codecs, Does.Contain(codec));
        foreach (var direction in new[] { relay.ToDotNet, relay.ToBrowser })
        {
            direction.LossRate = network.Loss;
            direction.Jitter = network.Jitter;
        }

        // Buffers and rates settle first.
        await receiver.Page.WaitForTimeoutAsync(2000);
        var before = await ReceivedQuality.ReadAsync(receiver);
        await receiver.Page.WaitForTimeoutAsync(1000 * Seconds);
        return await ReceivedQuality.ReadAsync(receiver) - before;
    }

    private readonly record struct Network(double Loss, TimeSpan Jitter);
}
