using System.Collections.Concurrent;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Rtp;

namespace WebRtcCore.Interop.Tests.Browser;

/// <summary>Three layers of one picture from Chromium, one chosen and sent back, or all three sent on to another page.</summary>
internal sealed class SimulcastTests
{
    // Chromium sends three layers from this size on.
    private const string Source = "peer.addSimulcast({ video: { width: 960, height: 540 } }, ['q', 'h', 'f'])";
    private static readonly string[] Rids = ["q", "h", "f"];

    [Test]
    public async Task A_layer_of_Chromium_is_chosen_and_switched_up_and_down_without_artefacts()
    {
        await using var call = await Call.OpenAsync(BrowserKind.Chromium);
        var seen = new ConcurrentDictionary<string, bool>();
        SimulcastForwarder? forwarder = null;
        call.DotNet.Connection.Track += (_, e) =>
        {
            e.Transceiver.Direction = RtpTransceiverDirection.SendRecv;
            _ = e.Transceiver.Sender.ReplaceTrackAsync(new MediaStreamTrack(MediaKind.Video));
            var created = forwarder = new SimulcastForwarder(e.Receiver, e.Transceiver.Sender);
            e.Receiver.PacketReceived += (RtpReceiver receiver, in RtpPacketView packet) =>
            {
                if (receiver.FindRid(packet.Ssrc) is { } rid)
                {
                    seen[rid] = true;
                }

                created.Forward(packet);
            };
        };
        await call.Browser.RunAsync(Source);
        await call.ConnectAsync(Offerer.Browser);
        await call.DotNet.UntilAsync(() => seen.Count == Rids.Length, "all three layers");

        await SwitchAsync("q", 240);
        await Measurement.RepeatAsync(async () =>
        {
            var atFirst = await CountersAsync(call.Browser);
            foreach (var (rid, width) in ((string, int)[])[("f", 960), ("h", 480), ("q", 240), ("h", 480), ("f", 960), ("q", 240)])
            {
                await SwitchAsync(rid, width);
            }

            var atLast = await CountersAsync(call.Browser);
            TestContext.Out.WriteLine($"before {atFirst}, after {atLast}");

            // A key frame for each change at least; nothing lost, and so nothing that the decoder has missed. Dropped may be the rest of a picture at each change, and what
            // a busy machine is late with; some freezes are such a machine's alone.
            (string Name, bool IsGood)[] figures =
            [
                ("key frames", atLast.KeyFrames - atFirst.KeyFrames >= 6),
                ("requests for key frames", atLast.Plis == atFirst.Plis),
                ("losses", atLast.Lost == atFirst.Lost),
                ("dropped", atLast.Dropped - atFirst.Dropped <= 12),
                ("freezes", atLast.Freezes - atFirst.Freezes <= 2),
            ];
            return [.. figures.Where(f => !f.IsGood).Select(f => $"{f.Name}: before {atFirst}, after {atLast}")];
        });
        forwarder!.Dispose();

        async Task SwitchAsync(string rid, int width)
        {
            forwarder!.TargetRid = rid;
            await call.Browser.RunAsync($"peer.showsWidths([{width}])");
            await call.Browser.FramesGrowAsync(20);
            Assert.That(forwarder.CurrentRid, Is.EqualTo(rid));
        }
    }

    [Test]
    public async Task Three_layers_are_sent_to_Chromium_which_shows_each_in_an_m_section_of_its_own()
    {
        await using var source = await Call.OpenAsync(BrowserKind.Chromium);
        await using var viewer = await Call.OpenAsync(BrowserKind.Chromium);
        var asked = new ConcurrentDictionary<string, int>();
        int skipped = 0;
        var sender = viewer.DotNet.Connection.AddTransceiver(
            new MediaStreamTrack(MediaKind.Video),
            new RtpTransceiverOptions { Direction = RtpTransceiverDirection.SendOnly, SendEncodings = [.. Rids.Select(rid => new RtpEncodingParameters { Rid = rid })] }).Sender;
        source.DotNet.Connection.Track += (_, e) =>
        {
            sender.KeyFrameRequested += (_, request) =>
            {
                asked.AddOrUpdate(request.Rid!, 1, (_, count) => count + 1);
                e.Receiver.RequestKeyFrame(request.Rid!);
            };
            e.Receiver.PacketReceived += (RtpReceiver receiver, in RtpPacketView packet) =>
            {
                if (receiver.FindRid(packet.Ssrc) is { } rid && (rid != "h" || Interlocked.Decrement(ref skipped) < 0))
                {
                    sender.Forward(receiver, packet, rid);
                }
            };
        };
        await source.Browser.RunAsync(Source);
        await source.ConnectAsync(Offerer.Browser);

        var offer = SessionDescription.FromJson(await viewer.DotNet.OfferAsync());
        var answer = await viewer.Browser.AcceptOfferAsync((offer with { Sdp = SimulcastSections.Split(offer.Sdp, Rids) }).ToJson());
        var split = SessionDescription.FromJson(answer);
        await viewer.DotNet.AcceptAnswerAsync((split with { Sdp = SimulcastSections.Join(split.Sdp, offer.Sdp, Rids) }).ToJson());
        await viewer.Browser.ConnectedAsync();

        await viewer.Browser.RunAsync("peer.showsWidths([240, 480, 960])");
        await viewer.Browser.FramesGrowAsync(90);

        // Packets of one layer that never come: its decoder, and no other's, has to ask for a key frame.
        int before = asked.GetValueOrDefault("h");
        Volatile.Write(ref skipped, 40);
        await viewer.DotNet.UntilAsync(() => asked.GetValueOrDefault("h") > before, "a request for a key frame of the layer in the middle");
        await viewer.Browser.FramesGrowAsync(90);
        StatsReport report = null!;
        await viewer.DotNet.UntilAsync(async () => (report = await viewer.DotNet.Connection.GetStatsAsync()).GetAll<RemoteInboundRtpStreamStats>().Any(), () => "a report of the viewer");
        var outbound = report.GetAll<OutboundRtpStreamStats>().OrderBy(s => s.EncodingIndex).ToArray();
        Assert.That(outbound.Select(s => s.Rid), Is.EqualTo(Rids));
        Assert.That(outbound.Select(s => s.PacketsSent), Has.All.Positive);
        Assert.That(report.GetAll<RemoteInboundRtpStreamStats>().Select(s => s.Ssrc), Is.SubsetOf(outbound.Select(s => s.Ssrc)));
    }

    private static async Task<Counters> CountersAsync(BrowserPeer browser) => new(
        await CountAsync(browser, "keyFramesDecoded"),
        await CountAsync(browser, "pliCount"),
        await CountAsync(browser, "packetsLost"),
        await CountAsync(browser, "framesDropped"),
        await CountAsync(browser, "freezeCount"));

    private static async Task<double> CountAsync(BrowserPeer browser, string counter) => await browser.CounterAsync("inbound-rtp", "video", counter) ?? 0;

    private readonly record struct Counters(double KeyFrames, double Plis, double Lost, double Dropped, double Freezes);
}
