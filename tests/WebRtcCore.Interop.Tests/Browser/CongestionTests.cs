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
        await call.DotNet.UntilAsync<OutboundRtpStreamStats>(s => s.TargetBitrateBps > StartBps, "the target of the stream to grow");
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
        await call.Browser.GrowsAsync("outbound-rtp", "video", "bytesSent", 200_000);

        // A browser that is told nothing goes on from 300,000 by 8 % a second, since nothing of the little that it sends is lost: beyond the bottleneck in this time.
        await call.Browser.Page.WaitForTimeoutAsync(8_000);

        // The estimate swings: where it is most of the time counts.
        var available = new Queue<double>();
        await call.DotNet.UntilAsync(
            async () =>
            {
                await call.Browser.Page.WaitForTimeoutAsync(250);
                available.Enqueue(await call.Browser.CounterAsync("candidate-pair", "", "availableOutgoingBitrate") ?? 0);
                if (available.Count > 20)
                {
                    available.Dequeue();
                }

                return available.Count == 20 && available.Order().ElementAt(10) is > 0.4 * Bottleneck and < 1.1 * Bottleneck;
            },
            () => $"an estimate below {Bottleneck}; the last are {string.Join(", ", available)}");
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
        await call.DotNet.UntilAsync(
            async () => (available = (await call.DotNet.Connection.GetStatsAsync()).Values.OfType<IceCandidatePairStats>().Max(pair => pair.AvailableOutgoingBitrateBps)) > StartBps,
            () => $"availableOutgoingBitrate to grow; it is {available}");
    }
}
