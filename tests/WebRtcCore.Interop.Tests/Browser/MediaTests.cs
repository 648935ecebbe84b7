using WebRtcCore.Interop.Tests.Harness;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>Audio and video that a browser sends, this library echoes, and the browser decodes.</summary>
[TestFixture(BrowserKind.Chromium)]
[TestFixture(BrowserKind.Firefox)]
internal sealed class MediaTests(BrowserKind kind)
{
    [Test]
    public async Task Echoes_audio_and_video([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        await call.ConnectWithEchoedMediaAsync(offerer);

        await call.Browser.FramesGrowAsync();
        await call.Browser.AudioGrowsAsync();

        // Half a second of decoded samples. (Without a sound card, Chromium computes no energy.)
        await call.Browser.GrowsAsync("inbound-rtp", "audio", "jitterBufferEmittedCount", 24_000);
    }

    [Test]
    public async Task Echoes_audio_alone([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        await call.ConnectWithEchoedMediaAsync(offerer, video: false);

        await call.Browser.AudioGrowsAsync();
    }

    [Test]
    public async Task Reports_to_the_browser_what_was_received([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        await call.ConnectWithEchoedMediaAsync(offerer);

        // Receiver reports make remote-inbound-rtp entries, sender reports make remote-outbound-rtp entries.
        await call.Browser.RunAsync(
            "peer.until(async () => (await peer.stats('remote-inbound-rtp', 'video')).some((s) => s.roundTripTime !== undefined), 'a receiver report on video')");
        await call.Browser.RunAsync(
            "peer.until(async () => (await peer.stats('remote-outbound-rtp', 'audio')).some((s) => s.packetsSent > 0), 'a sender report on audio')");
        // What it is told is what was counted here. It is nothing as a rule, for nothing is lost between two sockets of a machine that is not too busy to read them.
        long told = -1;
        await call.DotNet.UntilAsync(
            async () =>
            {
                var inbound = (await call.DotNet.Connection.GetStatsAsync()).GetAll<InboundRtpStreamStats>().Single(s => s.Kind == MediaKind.Video);
                told = (long)(await call.Browser.CounterAsync("remote-inbound-rtp", "video", "packetsLost") ?? -1);
                return told == inbound.PacketsLost;
            },
            () => $"the report to say what was lost; it says {told}");
    }

    [Test]
    public async Task Brings_a_key_frame_request_to_the_browsers_encoder([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        await call.ConnectWithEchoedMediaAsync(offerer, audio: false);
        await call.Browser.FramesGrowAsync();

        var receiver = call.DotNet.Connection.GetReceivers().Single();
        var asked = call.Browser.GrowsAsync("outbound-rtp", "video", "pliCount", 1);
        await call.DotNet.UntilAsync(
            () =>
            {
                receiver.RequestKeyFrame();
                return asked.IsCompleted;
            },
            "the browser to count a PLI");
        await asked;
    }

    [Test]
    public async Task Delivers_whole_encoded_frames([Values] Offerer offerer)
    {
        await using var call = await Call.OpenAsync(kind);
        await call.ConnectWithEchoedMediaAsync(offerer, audio: false);
        var receiver = call.DotNet.Connection.GetReceivers().Single();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        int frames = 0;
        bool sawKeyFrame = false;
        await foreach (var frame in receiver.ReadFramesAsync(patience.Token))
        {
            Assert.That(frame.Data.Length, Is.Positive);
            sawKeyFrame |= frame.IsKeyFrame;
            if (++frames >= 20 && sawKeyFrame)
            {
                return;
            }

            // Again and again: one that comes before the first frame is read is not seen.
            if (frames % 20 == 1)
            {
                receiver.RequestKeyFrame();
            }
        }

        Assert.Fail($"the track ended after {frames} frames");
    }
}
