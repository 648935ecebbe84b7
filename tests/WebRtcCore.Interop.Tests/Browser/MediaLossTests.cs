using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>Video between a browser and this library over a network that loses it: who asks for what was lost, and who answers.</summary>
[TestFixture(BrowserKind.Chromium)]
[TestFixture(BrowserKind.Firefox)]
internal sealed class MediaLossTests(BrowserKind kind)
{
    // Enough to show that it is no accident; the tests wait for them, since chance and the load of the machine decide when they come.
    private const int Some = 5;

    // Repair packets would bring back nearly all that is lost before anybody asks for it.
    private static readonly PeerConnectionOptions WithoutRepair = PeerConnectionOptions.Default with
    {
        VideoCapabilities = RtpCapabilities.DefaultVideo with { Codecs = [.. RtpCapabilities.DefaultVideo.Codecs.Where(codec => codec.Name is not ("red" or "ulpfec"))] },
    };

    [Test]
    public async Task Answers_the_browsers_NACKs([Values] Offerer offerer)
    {
        using var relay = NewRelay();
        relay.ToBrowser.LossRate = 0.1;
        await using var call = await Call.OpenAsync(kind, WithoutRepair, relay: relay);
        await call.ConnectWithEchoedMediaAsync(offerer, audio: false);

        await call.Browser.FramesGrowAsync(60);
        await call.Browser.BecomesAsync("inbound-rtp", "video", "nackCount", $"n >= {Some}");
        await call.DotNet.UntilAsync<OutboundRtpStreamStats>(s => s.NackCount >= Some && s.RetransmittedPacketsSent >= Some, "NACKs to be answered");

        // Firefox does not count what it receives again.
        if (await call.Browser.CounterAsync("inbound-rtp", "video", "retransmittedPacketsReceived") is not null)
        {
            await call.Browser.BecomesAsync("inbound-rtp", "video", "retransmittedPacketsReceived", $"n >= {Some}");
        }
    }

    [Test]
    public async Task Asks_the_browser_again_for_what_was_lost([Values] Offerer offerer)
    {
        using var relay = NewRelay();
        relay.ToDotNet.LossRate = 0.1;
        await using var call = await Call.OpenAsync(kind, WithoutRepair, relay: relay);
        await call.ConnectWithEchoedMediaAsync(offerer, audio: false);

        await call.Browser.FramesGrowAsync(60);
        await call.Browser.BecomesAsync("outbound-rtp", "video", "nackCount", $"n >= {Some}");
        await call.Browser.BecomesAsync("outbound-rtp", "video", "retransmittedPacketsSent", $"n >= {Some}");
        await call.DotNet.UntilAsync<InboundRtpStreamStats>(s => s.NackCount >= Some && s.RetransmittedPacketsReceived >= Some, "packets to come again");
    }

    [Test]
    public async Task Keeps_audio_and_video_going_through_bursts_of_loss_both_ways([Values] Offerer offerer)
    {
        using var relay = NewRelay();
        foreach (var direction in new[] { relay.ToDotNet, relay.ToBrowser })
        {
            direction.Affects = static _ => true;
            direction.LossRate = 0.05;
            direction.MeanBurst = 4;
        }

        await using var call = await Call.OpenAsync(kind, relay: relay);
        await call.ConnectWithEchoedMediaAsync(offerer);

        await call.Browser.FramesGrowAsync(90);
        await call.Browser.AudioGrowsAsync(100);
    }

    [Test]
    public async Task Passes_a_key_frame_request_of_the_browsers_decoder_to_its_encoder([Values] Offerer offerer)
    {
        using var relay = NewRelay();
        await using var call = await Call.OpenAsync(kind, relay: relay);
        await call.ConnectWithEchoedMediaAsync(offerer, audio: false);
        await call.Browser.FramesGrowAsync();
        int requests = 0;
        call.DotNet.Connection.GetSenders().Single().KeyFrameRequested += (_, _) => Interlocked.Increment(ref requests);
        var asked = call.Browser.GrowsAsync("outbound-rtp", "video", "pliCount", 1);
        double? keyFrames = await call.Browser.CounterAsync("inbound-rtp", "video", "keyFramesDecoded");

        // Nothing arrives, retransmissions included, until the decoder gives up on what is missing.
        relay.ToBrowser.IsBlackout = true;
        await call.DotNet.UntilAsync(() => Volatile.Read(ref requests) > 0, "the browser's decoder to ask for a key frame");
        relay.ToBrowser.IsBlackout = false;

        // What was encoded during the blackout is gone for good, so frames that are decoded again come from a new key frame.
        await asked;
        await call.Browser.FramesGrowAsync();
        if (keyFrames is { } before)
        {
            await call.Browser.BecomesAsync("inbound-rtp", "video", "keyFramesDecoded", $"n > {before}");
        }
    }

    [Test]
    public async Task Tells_an_application_that_joins_late_to_begin_with_a_key_frame([Values] Offerer offerer)
    {
        using var relay = NewRelay();
        await using var call = await Call.OpenAsync(kind, relay: relay);
        using var echo = new FrameEcho(call.DotNet.Connection, skippedKeyFrames: 1);
        await call.ConnectWithMediaAsync(offerer, BrowserPeer.Video);

        await call.DotNet.UntilAsync(() => echo.KeyFrameRequests > 0, "a request for a key frame");
        await call.Browser.FramesGrowAsync();
        await call.Browser.BecomesAsync("inbound-rtp", "video", "pliCount", "n > 0");
        Assert.That(echo.FramesBeforeKeyFrame, Is.Positive);
    }

    [Test]
    public async Task Carries_encoded_frames_through_loss_both_ways([Values] Offerer offerer)
    {
        using var relay = NewRelay();
        relay.ToDotNet.LossRate = relay.ToBrowser.LossRate = 0.05;
        await using var call = await Call.OpenAsync(kind, WithoutRepair, relay: relay);
        using var echo = new FrameEcho(call.DotNet.Connection);
        await call.ConnectWithMediaAsync(offerer, BrowserPeer.Video);

        await call.Browser.FramesGrowAsync(60);
        await call.DotNet.UntilAsync<OutboundRtpStreamStats>(s => s.RetransmittedPacketsSent > 0, "a packet to be sent again");
        await call.DotNet.UntilAsync<InboundRtpStreamStats>(s => s.RetransmittedPacketsReceived > 0, "a packet to come again");
    }

    // 20 ms there and back; only RTP is lost unless a test says otherwise.
    private static UdpRelay NewRelay()
    {
        var relay = new UdpRelay();
        foreach (var direction in new[] { relay.ToDotNet, relay.ToBrowser })
        {
            direction.Affects = RelayTraffic.IsRtp;
            direction.Delay = TimeSpan.FromMilliseconds(10);
        }

        return relay;
    }
}
