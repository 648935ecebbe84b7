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

        // The browser sends an older frame with half to nine tenths of its packets: with as many of the losses there is one to bring back.
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
        await call.Browser.AudioGrowsAsync(100);
        var before = await AudioAsync(call.Browser);
        await call.Browser.AudioGrowsAsync(400);
        var after = await AudioAsync(call.Browser);

        // The browser does not count older frames that it uses: larger packets and hardly any concealment show them.
        var size = (after.Bytes - before.Bytes) / (after.Packets - before.Packets);
        var concealed = (after.Concealed - before.Concealed) / (after.Samples - before.Samples);
        var sent = await call.DotNet.StatsAsync<OutboundRtpStreamStats>();
        TestContext.Out.WriteLine($"{relay.ToBrowser.Lost} lost, {sent.BytesSent / sent.PacketsSent} bytes a frame, {size:F0} a packet, {concealed:P1} concealed");
        Assert.That(size, Is.GreaterThan(1.5 * sent.BytesSent / sent.PacketsSent));
        Assert.That(concealed, Is.LessThan(0.04));
    }

    [Test]
    public async Task Recovers_the_browsers_video_by_its_ulpfec()
    {
        using var relay = NewRelay();
        relay.ToDotNet.LossRate = 0.1;
        relay.ToDotNet.Delay = relay.ToBrowser.Delay = TimeSpan.FromMilliseconds(50);
        await using var call = await Call.OpenAsync(BrowserKind.Chromium, relay: relay);
        await call.ConnectWithEchoedMediaAsync(Offerer.Browser, audio: false);
        InboundRtpStreamStats? stats = null;
        for (var i = 0; i < 20 && !(stats?.FecPacketsReceived - stats?.FecPacketsDiscarded >= 5); i++)
        {
            await call.Browser.FramesGrowAsync(30);
            stats = await call.DotNet.StatsAsync<InboundRtpStreamStats>();
        }

        TestContext.Out.WriteLine($"{relay.ToDotNet.Lost} lost, {stats!.FecPacketsReceived} repair packets, {stats.FecPacketsDiscarded} not needed, {stats.RetransmittedPacketsReceived} sent again");
        Assert.That(stats.FecPacketsReceived - stats.FecPacketsDiscarded, Is.GreaterThanOrEqualTo(5));
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
        var (lost, plis) = (relay.ToBrowser.Lost, await call.Browser.CounterAsync("inbound-rtp", "video", "pliCount"));
        await call.Browser.FramesGrowAsync(150);
        lost = relay.ToBrowser.Lost - lost;
        plis = await call.Browser.CounterAsync("inbound-rtp", "video", "pliCount") - plis;
        TestContext.Out.WriteLine($"{lost} lost, repair packets among them, {plis} requests for key frames");
        Assert.That(lost, Is.GreaterThan(5));
        Assert.That(plis, Is.LessThan(lost / 2.0), "Without repair packets every loss breaks the picture.");
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
