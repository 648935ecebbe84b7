using System.Collections.Concurrent;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Congestion;
using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Testing;

namespace WebRtcCore.Tests.Virtual;

/// <summary>Several layers of one picture from a connection to another, as an application sees them.</summary>
public sealed class VirtualSimulcastTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly string[] Rids = ["q", "h", "f"];
    private static readonly RtpTransceiverOptions ThreeLayers = new() { SendEncodings = [new() { Rid = "q" }, new() { Rid = "h" }, new() { Rid = "f" }] };

    [TestCase(0, TestName = "{m}(0 % lost)")]
    [TestCase(0.1, TestName = "{m}(10 % lost)")]
    public async Task Layers_arrive_by_their_rids_and_lost_packets_are_sent_again_in_the_layers_own_stream(double loss)
    {
        await using var peers = NewPeers(8_000_000);
        var sender = AddSender(peers);
        await peers.ConnectAsync(Minute);
        var frames = Read(peers);
        peers.Conditions = LinkConditions.Good with { LossRate = loss };
        SendFrames(peers, sender, 100);

        // Without retransmissions hardly more than half of the largest frames, of six packets, would be whole; with them a few come too late, since any other is a key frame.
        var enough = loss > 0 ? 85 : 100;
        Assert.That(peers.RunUntil(() => Rids.All(rid => frames.Count(f => f.Rid == rid) >= enough), TimeSpan.FromSeconds(5)), Is.True, () => Counts(frames));

        // Each layer has frames of its own length: none has strayed into another.
        Assert.That(frames.All(f => f.Data.Length == LengthOf(f.Rid!)), Is.True);
        var outbound = (await peers.Pair.Offerer.GetStatsAsync()).GetAll<OutboundRtpStreamStats>().OrderBy(s => s.EncodingIndex).ToArray();
        Assert.That(outbound.Select(s => s.Rid), Is.EqualTo(Rids));
        Assert.That(outbound.Select(s => s.Ssrc).Concat(outbound.Select(s => s.RtxSsrc!.Value)).Distinct().Count(), Is.EqualTo(6));
        if (loss > 0)
        {
            var inbound = (await peers.Pair.Answerer.GetStatsAsync()).GetAll<InboundRtpStreamStats>().ToArray();
            Assert.That(inbound.Select(s => s.Ssrc), Is.EquivalentTo(outbound.Select(s => s.Ssrc)), "a retransmission that nobody knew would be a stream of its own");
            Assert.That(inbound.Select(s => s.RetransmittedPacketsReceived), Has.All.Positive);
        }
    }

    [Test]
    public async Task Packets_name_section_and_layer_until_the_peer_reports()
    {
        await using var peers = NewPeers(8_000_000);
        var sender = AddSender(peers);
        await peers.ConnectAsync(Minute);
        var receiver = peers.Pair.Answerer.GetReceivers()[0];
        var extensions = receiver.GetParameters().HeaderExtensions;
        var (midId, ridId) = (IdOf(extensions, RtpHeaderExtensionUri.Mid), IdOf(extensions, RtpHeaderExtensionUri.RtpStreamId));
        var named = new ConcurrentDictionary<uint, (string Mid, string Rid)>();
        receiver.PacketReceived += (RtpReceiver _, in RtpPacketView packet) =>
        {
            if (packet.TryGetExtension(midId, out var mid) && packet.TryGetExtension(ridId, out var rid))
            {
                named[packet.Ssrc.Value] = (System.Text.Encoding.ASCII.GetString(mid), System.Text.Encoding.ASCII.GetString(rid));
            }
        };
        SendFrames(peers, sender, 2);

        Assert.That(named.Values, Is.EquivalentTo(Rids.Select(rid => (peers.Pair.Offerer.GetTransceivers()[0].Mid!, rid))));
    }

    [Test]
    public async Task The_answerer_sends_the_layers_that_the_offer_asks_for()
    {
        await using var peers = NewPeers(8_000_000);
        peers.Pair.Offerer.AddTransceiver(MediaKind.Video, new RtpTransceiverOptions { Direction = RtpTransceiverDirection.RecvOnly });
        await peers.ConnectAsync(
            Minute,
            offer => offer + "a=rid:q recv\r\na=rid:f recv\r\na=simulcast:recv q;f\r\n",
            () =>
            {
                var answering = peers.Pair.Answerer.GetTransceivers()[0];
                answering.Direction = RtpTransceiverDirection.SendOnly;
                return answering.Sender.ReplaceTrackAsync(new MediaStreamTrack(MediaKind.Video));
            });
        var sender = peers.Pair.Answerer.GetSenders()[0];
        Assert.That(peers.Pair.Answerer.LocalDescription!.Sdp, Does.Contain("a=simulcast:send q;f"));
        Assert.That(sender.GetParameters().Encodings.Select(e => (e.Rid, e.ScaleResolutionDownBy)), Is.EqualTo(new (string?, double?)[] { ("q", 2), ("f", 1) }));

        var frames = Read(peers.Pair.Offerer.GetReceivers()[0]);
        SendFrames(peers, sender, 20);
        Assert.That(peers.RunUntil(() => frames.Count >= 30, Minute), Is.True);
        Assert.That(frames.Select(f => f.Rid).Distinct(), Is.EquivalentTo(new[] { "q", "f" }), "the layer in the middle was not asked for");
    }

    [TestCase("recv h;f", new[] { "h", "f" })]
    [TestCase("recv f", new[] { "f" })]
    public async Task Only_layers_that_the_answer_takes_are_sent(string taken, string[] expected)
    {
        await using var peers = NewPeers(8_000_000);
        var sender = AddSender(peers);
        await peers.ConnectAsync(Minute, answer: sdp => sdp.Replace("a=simulcast:recv q;h;f", $"a=simulcast:{taken}", StringComparison.Ordinal));
        Assert.That(sender.GetParameters().Encodings.Select(e => e.Rid), Is.EqualTo(expected));
        Assert.That(sender.EncodingTargets.Select(t => t.Rid), Is.EqualTo(expected));

        var frames = Read(peers);
        SendFrames(peers, sender, 20);
        Assert.That(peers.RunUntil(() => expected.All(rid => frames.Any(f => f.Rid == rid)), Minute), Is.True);
        Assert.That(frames.Select(f => f.Rid).Distinct(), Is.EquivalentTo(expected));
    }

    [Test]
    public async Task An_answer_without_simulcast_leaves_the_first_layer()
    {
        await using var peers = NewPeers(8_000_000);
        var sender = AddSender(peers);
        await peers.ConnectAsync(
            Minute, answer: sdp => string.Join("\r\n", sdp.Split("\r\n").Where(l => !l.StartsWith("a=simulcast:", StringComparison.Ordinal) && !l.StartsWith("a=rid:", StringComparison.Ordinal))));
        Assert.That(sender.GetParameters().Encodings.Select(e => e.Rid), Is.EqualTo(new string?[] { null }));

        var frames = Read(peers);
        SendFrames(peers, sender, 20);
        Assert.That(peers.RunUntil(() => frames.Count >= 15, Minute), Is.True);
        Assert.That(frames.Select(f => f.Data.Length).Distinct(), Is.EqualTo(new[] { LengthOf("q") }), "frames of the other layers are dropped");
    }

    [Test]
    public async Task A_key_frame_is_asked_for_of_the_layer_that_needs_it()
    {
        await using var peers = NewPeers(8_000_000);
        var sender = AddSender(peers);
        var asked = new ConcurrentBag<string?>();
        sender.KeyFrameRequested += (_, e) => asked.Add(e.Rid);
        await peers.ConnectAsync(Minute);
        SendFrames(peers, sender, 20);
        peers.RunUntil(() => false, TimeSpan.FromSeconds(1));
        asked.Clear();
        peers.Pair.Answerer.GetReceivers()[0].RequestKeyFrame("h");
        Assert.That(peers.RunUntil(() => !asked.IsEmpty, Minute), Is.True);
        Assert.That(asked, Is.EqualTo(new[] { "h" }));

        asked.Clear();
        peers.RunUntil(() => false, TimeSpan.FromSeconds(1));
        peers.Pair.Answerer.GetReceivers()[0].RequestKeyFrame();
        Assert.That(peers.RunUntil(() => asked.Count == 3, Minute), Is.True, "without a rid all are meant");
    }

    [Test]
    public async Task A_layer_that_is_switched_off_is_not_sent_and_its_bandwidth_goes_to_others()
    {
        await using var peers = NewPeers(1_500_000);
        var sender = AddSender(peers);
        var told = new ConcurrentQueue<IReadOnlyList<EncodingTarget>>();
        sender.EncodingTargetsChanged += (_, e) => told.Enqueue(e.Targets);
        await peers.ConnectAsync(Minute);
        var frames = Read(peers);
        SendFrames(peers, sender, 20);
        Assert.That(told.Last(), Is.EqualTo(sender.EncodingTargets));
        Assert.That(sender.EncodingTargets.Select(t => t.IsActive), Is.EqualTo(new[] { true, true, false }), "not enough for the largest");
        Assert.That(sender.EncodingTargets.Select(t => t.ScaleResolutionDownBy), Is.EqualTo(new[] { 4.0, 2, 1 }));
        Assert.That(sender.TargetBitrateBps, Is.EqualTo(sender.EncodingTargets.Sum(t => t.BitrateBps)));

        var parameters = sender.GetParameters();
        await sender.SetParametersAsync(parameters with
        {
            Encodings = [parameters.Encodings[0], parameters.Encodings[1] with { Active = false }, parameters.Encodings[2] with { MaxFramerate = 15 }],
        });
        Assert.That(peers.RunUntil(() => sender.EncodingTargets[2].IsActive, Minute), Is.True);
        Assert.That(sender.EncodingTargets.Select(t => t.IsActive), Is.EqualTo(new[] { true, false, true }));
        Assert.That(sender.EncodingTargets[1].BitrateBps, Is.Zero);
        Assert.That(sender.EncodingTargets[2].BitrateBps, Is.InRange(1_000_000, 1_400_000));
        Assert.That(sender.EncodingTargets[2].MaxFramerate, Is.EqualTo(15));

        // Frames from before still come out of the pacer: only later ones count.
        peers.RunUntil(() => false, TimeSpan.FromSeconds(3));
        var since = (uint)(peers.Elapsed.TotalSeconds * 90_000);
        SendFrames(peers, sender, 20);
        Assert.That(peers.RunUntil(() => frames.Count(f => f.Rid == "f" && f.TimestampTicks >= since) >= 10, Minute), Is.True);
        Assert.That(frames.Any(f => f.Rid == "h" && f.TimestampTicks >= since), Is.False);
        var outbound = (await peers.Pair.Offerer.GetStatsAsync()).GetAll<OutboundRtpStreamStats>().Single(s => s.Rid == "h");
        Assert.That(outbound.Active, Is.False);
    }

    [Test]
    public async Task A_forwarder_changes_layers_at_key_frames_and_what_comes_out_is_one_stream()
    {
        await using var peers = NewPeers(8_000_000);
        var sender = AddSender(peers);
        var wanted = new ConcurrentDictionary<string, bool>();
        sender.KeyFrameRequested += (_, e) => wanted[e.Rid!] = true;
        peers.Pair.Offerer.AddTransceiver(MediaKind.Video, new RtpTransceiverOptions { Direction = RtpTransceiverDirection.RecvOnly });
        await peers.ConnectAsync(
            Minute,
            beforeAnswer: () =>
            {
                var viewing = peers.Pair.Answerer.GetTransceivers()[1];
                viewing.Direction = RtpTransceiverDirection.SendOnly;
                return viewing.Sender.ReplaceTrackAsync(new MediaStreamTrack(MediaKind.Video));
            });
        var receiver = peers.Pair.Answerer.GetReceivers()[0];
        using var forwarder = new SimulcastForwarder(receiver, peers.Pair.Answerer.GetSenders()[1]);
        var changes = 0;
        forwarder.CurrentRidChanged += (_, _) => changes++;
        receiver.PacketReceived += (RtpReceiver _, in RtpPacketView packet) => forwarder.Forward(packet);
        var viewer = peers.Pair.Offerer.GetReceivers()[1];
        var frames = Read(viewer);

        foreach (var rid in (string[])["q", "f", "h", "q"])
        {
            frames.Clear();
            forwarder.TargetRid = rid;
            for (var i = 0; i < 60; i++)
            {
                SendLayers(peers, sender, layer => wanted.TryRemove(layer, out _));
            }

            Assert.That(forwarder.CurrentRid, Is.EqualTo(rid));
            Assert.That(frames.Last().Data.Length, Is.EqualTo(LengthOf(rid)));
            Assert.That(frames.First(f => f.Data.Length == LengthOf(rid)).IsKeyFrame, Is.True);
            Assert.That(frames.Zip(frames.Skip(1)).All(pair => (int)(pair.Second.TimestampTicks - pair.First.TimestampTicks) is > 0 and < 9000), Is.True);
        }

        Assert.That(changes, Is.EqualTo(4));
        var inbound = (await viewer.GetStatsAsync()).GetAll<InboundRtpStreamStats>().Single();
        Assert.That((inbound.PacketsLost, inbound.NackCount, inbound.FramesDropped, inbound.PacketsDiscarded), Is.EqualTo((0L, 0L, 0L, 0L)));
        Assert.That(inbound.FramesDecoded, Is.GreaterThan(200));

        forwarder.TargetRid = null;
        peers.RunUntil(() => false, TimeSpan.FromSeconds(1));
        var sent = (await peers.Pair.Answerer.GetStatsAsync()).GetAll<OutboundRtpStreamStats>().Single().BytesSent;
        SendLayers(peers, sender, _ => true);
        Assert.That((await peers.Pair.Answerer.GetStatsAsync()).GetAll<OutboundRtpStreamStats>().Single().BytesSent, Is.EqualTo(sent));
    }

    private static VirtualPeers NewPeers(long bitrateBps) => new(LinkConditions.Good, configure: options => options with
    {
        CongestionControl = new CongestionControlOptions { StartBitrateBps = bitrateBps, CreateController = o => new ConstantRateController(o) },
    });

    private static RtpSender AddSender(VirtualPeers peers) =>
        peers.Pair.Offerer.AddTransceiver(new MediaStreamTrack(MediaKind.Video), ThreeLayers with { Direction = RtpTransceiverDirection.SendOnly }).Sender;

    private static byte IdOf(IReadOnlyList<RtpHeaderExtensionParameters> extensions, string uri) => (byte)extensions.Single(e => e.Uri == uri).Id;

    private static string Counts(IEnumerable<EncodedFrame> frames) => string.Join(", ", Rids.Select(rid => $"{rid}: {frames.Count(f => f.Rid == rid)}"));

    private static ConcurrentQueue<EncodedFrame> Read(VirtualPeers peers) => Read(peers.Pair.Answerer.GetReceivers()[0]);

    private static ConcurrentQueue<EncodedFrame> Read(RtpReceiver receiver)
    {
        // Noted on the loop, which is at rest whenever the network is: a reader runs behind in real time.
        var frames = new ConcurrentQueue<EncodedFrame>();
        receiver.Transform = frame =>
        {
            frames.Enqueue(frame);
            return frame;
        };
        _ = Task.Run(async () =>
        {
            await foreach (var _ in receiver.ReadFramesAsync())
            {
            }
        });
        Assert.That(SpinWait.SpinUntil(() => receiver.HasFrameReader, TimeSpan.FromSeconds(20)), Is.True);
        return frames;
    }

    private static int LengthOf(string rid) => rid switch { "q" => 1000, "h" => 2500, _ => 6000 };

    private static void SendFrames(VirtualPeers peers, RtpSender sender, int count)
    {
        for (var i = 0; i < count; i++)
        {
            SendLayers(peers, sender, _ => true);
        }
    }

    // One picture in three sizes.
    private static void SendLayers(VirtualPeers peers, RtpSender sender, Func<string, bool> isKeyFrame)
    {
        foreach (var rid in Rids)
        {
            // RFC 6386 9.1: the frame tag's lowest bit, and the start code of key frames.
            var data = new byte[LengthOf(rid)];
            (data[0], data[3], data[4], data[5]) = isKeyFrame(rid) ? ((byte)0, (byte)0x9D, (byte)0x01, (byte)0x2A) : ((byte)1, (byte)0, (byte)0, (byte)0);
            sender.SendFrame(new EncodedFrame(data, (uint)(peers.Elapsed.TotalSeconds * 90_000)) { Rid = rid });
        }

        peers.RunUntil(() => false, TimeSpan.FromMilliseconds(33));
    }
}
