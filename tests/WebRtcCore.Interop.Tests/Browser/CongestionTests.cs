using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>A browser's transport-wide feedback drives the target of what is sent to it.</summary>
[TestFixture(BrowserKind.Chromium)]
[TestFixture(BrowserKind.Firefox)]
internal sealed class CongestionTests(BrowserKind kind)
{
    private const long StartBps = 300_000;

    [Test]
    public async Task The_target_grows_while_packets_are_forwarded()
    {
        await using var call = await Call.OpenAsync(kind);
        await call.ConnectWithEchoedMediaAsync(Offerer.Browser);
        await call.Browser.FramesGrowAsync();
        await TargetGrowsAsync(call);
    }

    [Test]
    public async Task The_target_grows_while_frames_are_paced_and_the_browser_decodes_them()
    {
        await using var call = await Call.OpenAsync(kind);
        using var end = new CancellationTokenSource();
        var returning = Task.CompletedTask;
        call.DotNet.Connection.Track += (_, e) =>
        {
            e.Transceiver.Direction = RtpTransceiverDirection.SendRecv;
            e.Transceiver.Sender.ReplaceTrackAsync(new MediaStreamTrack(MediaKind.Video));
            e.Transceiver.Sender.KeyFrameRequested += (_, _) => e.Receiver.RequestKeyFrame();
            returning = ReturnFramesAsync(e.Receiver, e.Transceiver.Sender, end.Token);
        };
        await call.Browser.AddMediaAsync(BrowserPeer.Video);
        await call.ConnectAsync(Offerer.Browser);
        await call.Browser.FramesGrowAsync(60);
        await TargetGrowsAsync(call);
        var outbound = (await call.DotNet.Connection.GetStatsAsync()).Values.OfType<OutboundRtpStreamStats>().Single();
        Assert.That(outbound.TargetBitrateBps, Is.GreaterThan(StartBps));
        await end.CancelAsync();
        await returning;
    }

    [Test]
    public async Task The_browser_follows_the_estimate_that_it_is_told_where_there_is_no_transport_wide_feedback()
    {
        if (kind == BrowserKind.Firefox)
        {
            Assert.Pass("Firefox shows no estimate in its statistics.");
        }

        const long Bottleneck = 600_000;
        using var relay = new UdpRelay();
        await using var call = await Call.OpenAsync(kind, WithoutTransportFeedback, relay: relay);
        await call.ConnectWithMediaAsync(Offerer.Browser, BrowserPeer.Video);
        relay.ToDotNet.Delay = TimeSpan.FromMilliseconds(20);
        relay.ToDotNet.BitrateBps = Bottleneck;
        await call.Browser.Page.WaitForTimeoutAsync(15_000);
        double? available = await call.Browser.CounterAsync("candidate-pair", "", "availableOutgoingBitrate");
        double? sent = await call.Browser.CounterAsync("outbound-rtp", "video", "bytesSent");
        TestContext.Out.WriteLine($"available {available:0}, sent {sent:0}");

        Assert.That(available, Is.InRange(0.4 * Bottleneck, 1.1 * Bottleneck));
        Assert.That(sent, Is.GreaterThan(200_000));
    }

    private static PeerConnectionOptions WithoutTransportFeedback => PeerConnectionOptions.Default with
    {
        AudioCapabilities = Without(RtpCapabilities.DefaultAudio),
        VideoCapabilities = Without(RtpCapabilities.DefaultVideo),
    };

    private static RtpCapabilities Without(RtpCapabilities capabilities) => new()
    {
        Codecs = [.. capabilities.Codecs.Select(c => c with { RtcpFeedback = [.. c.RtcpFeedback.Where(f => f != "transport-cc")] })],
        HeaderExtensions = [.. capabilities.HeaderExtensions.Where(e => !e.Uri.EndsWith("transport-wide-cc-extensions-01", StringComparison.Ordinal))],
    };

    private static async Task ReturnFramesAsync(RtpReceiver receiver, RtpSender sender, CancellationToken end)
    {
        try
        {
            await foreach (var frame in receiver.ReadFramesAsync(end))
            {
                sender.SendFrame(frame with { PayloadType = null });
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private static async Task TargetGrowsAsync(Call call)
    {
        double? available = null;
        for (var attempt = 0; attempt < 100 && !(available > StartBps); attempt++)
        {
            await Task.Delay(100);
            available = (await call.DotNet.Connection.GetStatsAsync()).Values.OfType<IceCandidatePairStats>().Max(pair => pair.AvailableOutgoingBitrateBps);
        }

        TestContext.Out.WriteLine($"availableOutgoingBitrate {available}");
        Assert.That(available, Is.GreaterThan(StartBps));
    }
}
