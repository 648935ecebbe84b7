using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Rtp;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>Redundancy as Chromium speaks it, over a network that loses a tenth: RED for Opus, ULPFEC for VP8.</summary>
internal sealed class RedundancyTests
{
    private const string PreferRed =
        "(() => { const t = peer.pc.getTransceivers()[0]; const all = RTCRtpReceiver.getCapabilities('audio').codecs; const red = all.filter((c) => c.mimeType === 'audio/red'); "
        + "t.setCodecPreferences([...red, ...all.filter((c) => c.mimeType !== 'audio/red')]); })()";

    [Test]
    public async Task Opens_the_browsers_opus_red_and_gets_lost_frames_back()
    {
        using var relay = NewRelay();
        relay.ToDotNet.LossRate = 0.1;
        await using var call = await Call.OpenAsync(BrowserKind.Chromium, relay: relay);
        var numbers = new HashSet<ushort>();
        call.DotNet.Connection.Track += (_, e) => e.Receiver.PacketReceived += (RtpReceiver _, in RtpPacketView packet) =>
        {
            lock (numbers)
            {
                numbers.Add(packet.SequenceNumber);
            }
        };
        await call.Browser.AddMediaAsync(BrowserPeer.Audio);
        await call.Browser.RunAsync(PreferRed);
        await call.ConnectAsync(Offerer.Browser);
        await call.Browser.GrowsAsync("outbound-rtp", "audio", "packetsSent", 400);

        var stats = await call.DotNet.StatsAsync<InboundRtpStreamStats>();
        int count, span;
        lock (numbers)
        {
            count = numbers.Count;
            span = numbers.Max() - numbers.Min() + 1;
        }

        var (lost, recovered) = (relay.ToDotNet.Lost, (stats.FecPacketsReceived - stats.FecPacketsDiscarded)!.Value);
        TestContext.Out.WriteLine($"{lost} lost, {stats.FecPacketsReceived} older frames, {stats.FecPacketsDiscarded} not needed, {count} of {span} packets there");

        // The browser sends an older frame with half to nine tenths of its packets: with as many of the losses there is one to bring back. Half of them are asked for; of
        // 40 losses or more, that is out of reach of chance.
        Assert.That(lost, Is.GreaterThanOrEqualTo(35));
        Assert.That(recovered, Is.GreaterThan(0.5 * lost * stats.FecPacketsReceived!.Value / stats.PacketsReceived!.Value));
        Assert.That(span - count, Is.LessThanOrEqualTo(lost - recovered + 1), "What is recovered reaches the application.");
    }

    [Test]
    public async Task Sends_the_browser_opus_red_once_it_reports_losses()
    {
        using var relay = NewRelay();
        relay.ToBrowser.LossRate = 0.1;
        await using var call = await Call.OpenAsync(BrowserKind.Chromium, relay: relay);
        using var echo = new FrameEcho(call.DotNet.Connection);
        await call.ConnectWithMediaAsync(Offerer.Browser, BrowserPeer.Audio);

        // The browser does not count older frames that it uses: larger packets show them, and hardly any concealment. They begin with its first report of losses.
        double size = 0, frame = 0;
        var before = await AudioAsync(call.Browser);
        await call.DotNet.UntilAsync(
            async () =>
            {
                await call.Browser.AudioGrowsAsync(25);
                var after = await AudioAsync(call.Browser);
                var sent = await call.DotNet.StatsAsync<OutboundRtpStreamStats>();
                (size, frame, before) = ((after.Bytes - before.Bytes) / (after.Packets - before.Packets), (double)sent.BytesSent / sent.PacketsSent, after);
                return size > 1.5 * frame;
            },
            () => $"packets with older frames; they have {size:F0} bytes, a frame has {frame:F0}");
        await Measurement.RepeatAsync(async () =>
        {
            var start = await AudioAsync(call.Browser);
            await call.Browser.AudioGrowsAsync(200);
            var end = await AudioAsync(call.Browser);
            double concealed = (end.Concealed - start.Concealed) / (end.Samples - start.Samples);
            TestContext.Out.WriteLine($"{relay.ToBrowser.Lost} lost so far, {frame:F0} bytes a frame, {size:F0} a packet, {concealed:P1} concealed");
            return concealed < 0.04 ? [] : [$"{concealed:P1} concealed, of a tenth lost"];
        });
    }

    [Test]
    public async Task Recovers_the_browsers_video_by_its_ulpfec()
    {
        using var relay = NewRelay();
        relay.ToDotNet.LossRate = 0.1;
        relay.ToDotNet.Delay = relay.ToBrowser.Delay = TimeSpan.FromMilliseconds(50);
        await using var call = await Call.OpenAsync(BrowserKind.Chromium, relay: relay);
        await call.ConnectWithEchoedMediaAsync(Offerer.Browser, audio: false);
        await call.Browser.FramesGrowAsync(30);
        await call.DotNet.UntilAsync<InboundRtpStreamStats>(s => s.FecPacketsReceived - s.FecPacketsDiscarded >= 5, "five packets to be repaired");
    }

    [Test]
    public async Task Sends_the_browser_ulpfec_once_it_reports_losses()
    {
        using var relay = NewRelay();
        relay.ToBrowser.LossRate = 0.05;

        // Without retransmissions, so that only repair packets help.
        var options = PeerConnectionOptions.Default with
        {
            VideoCapabilities = RtpCapabilities.DefaultVideo with
            {
                Codecs =
                [
                    .. RtpCapabilities.DefaultVideo.Codecs.Where(codec => codec.Name is "VP8" or "red" or "ulpfec")
                        .Select(codec => codec with { HasRtx = false, RtcpFeedback = [.. codec.RtcpFeedback.Where(feedback => feedback != "nack")] }),
                ],
            },
        };
        await using var call = await Call.OpenAsync(BrowserKind.Chromium, options, relay: relay);
        using var echo = new FrameEcho(call.DotNet.Connection);
        await call.ConnectWithMediaAsync(Offerer.Browser, BrowserPeer.Video);
        await call.Browser.FramesGrowAsync(100);

        // Without repair packets every loss breaks the picture. Those in a picture that is broken already are not asked for again, so that it takes some to tell.
        await Measurement.RepeatAsync(async () =>
        {
            var (lost, plis) = (relay.ToBrowser.Lost, await call.Browser.CounterAsync("inbound-rtp", "video", "pliCount"));
            await call.DotNet.UntilAsync(() => relay.ToBrowser.Lost >= lost + 12, "twelve losses");
            await call.Browser.FramesGrowAsync(10);
            lost = relay.ToBrowser.Lost - lost;
            plis = await call.Browser.CounterAsync("inbound-rtp", "video", "pliCount") - plis;
            TestContext.Out.WriteLine($"{lost} lost, repair packets among them, {plis} requests for key frames");
            return plis < lost / 2.0 ? [] : [$"{plis} requests for key frames after {lost} losses"];
        });
    }

    private static async Task<(double Bytes, double Packets, double Concealed, double Samples)> AudioAsync(BrowserPeer browser) =>
    (
        await browser.CounterAsync("inbound-rtp", "audio", "bytesReceived") ?? 0,
        await browser.CounterAsync("inbound-rtp", "audio", "packetsReceived") ?? 0,
        await browser.CounterAsync("inbound-rtp", "audio", "concealedSamples") ?? 0,
        await browser.CounterAsync("inbound-rtp", "audio", "totalSamplesReceived") ?? 0);

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
