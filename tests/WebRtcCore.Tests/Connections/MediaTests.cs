using WebRtcCore.Rtp;

namespace WebRtcCore.Tests.Connections;

public sealed class MediaTests
{
    private const byte OpusPayloadType = 111;

    [Test]
    public async Task Rtp_sent_on_one_side_arrives_on_the_other()
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Audio), new MediaStream("stream"));
        var received = ReceivePackets(pair.Answerer, 5);
        await pair.ConnectAsync();
        for (ushort i = 0; i < 5; i++)
        {
            sender.SendRtp(Packet(OpusPayloadType, i, i * 960u, [1, 2, 3, (byte)i]));
        }

        var packets = await received.WaitAsync(PeerPair.Limit);
        Assert.That(packets.Select(p => p.Payload[3]), Is.EqualTo(new byte[] { 0, 1, 2, 3, 4 }));
        Assert.That(packets.Select(p => (ushort)(p.Sequence - packets[0].Sequence)), Is.EqualTo(new ushort[] { 0, 1, 2, 3, 4 }));
        Assert.That(packets.Select(p => p.Ssrc).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_track_is_announced_with_its_stream_and_unmutes_with_its_first_packet()
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Video, "the-track", ""), new MediaStream("the-stream"));
        var announced = new TaskCompletionSource<TrackEventArgs>();
        var unmuted = new TaskCompletionSource();
        var mutedAtFirst = false;
        pair.Answerer.Track += (_, e) =>
        {
            mutedAtFirst = e.Track.Muted;
            e.Track.Unmute += (_, _) => unmuted.TrySetResult();
            announced.TrySetResult(e);
        };
        await pair.ConnectAsync();
        var args = await announced.Task.WaitAsync(PeerPair.Limit);
        Assert.That(args.Streams.Select(s => s.Id), Is.EqualTo(new[] { "the-stream" }));
        Assert.That(mutedAtFirst, Is.True);
        sender.SendRtp(Packet(96, 1, 0, [0x10, 0]));
        await unmuted.Task.WaitAsync(PeerPair.Limit);
        Assert.That(args.Track.Muted, Is.False);
    }

    [Test]
    public async Task An_echo_made_in_the_packet_handler_comes_back_with_the_senders_own_ssrc()
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Audio));
        pair.Answerer.Track += (_, e) =>
        {
            var back = pair.Answerer.AddTrack(new MediaStreamTrack(e.Track.Kind));
            e.Receiver.PacketReceived += (RtpReceiver receiver, in RtpPacketView packet) => back.Forward(receiver, packet);
        };
        var received = ReceivePackets(pair.Offerer, 1);
        await pair.ConnectAsync();
        sender.SendRtp(Packet(OpusPayloadType, 7, 960, [9, 9, 9]));
        var packets = await received.WaitAsync(PeerPair.Limit);
        Assert.That(packets[0].Payload, Is.EqualTo(new byte[] { 9, 9, 9 }));
        Assert.That(packets[0].PayloadType, Is.EqualTo(OpusPayloadType));
    }

    [Test]
    public async Task A_key_frame_request_reaches_the_sender()
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Video));
        var requested = new TaskCompletionSource();
        sender.KeyFrameRequested += (_, _) => requested.TrySetResult();
        var received = ReceivePackets(pair.Answerer, 1);
        await pair.ConnectAsync();
        sender.SendRtp(Packet(96, 1, 0, [0x10, 0]));
        await received.WaitAsync(PeerPair.Limit);
        pair.Answerer.GetReceivers()[0].RequestKeyFrame();
        await requested.Task.WaitAsync(PeerPair.Limit);
    }

    [Test]
    public async Task A_disabled_track_sends_nothing_and_an_enabled_one_goes_on()
    {
        await using var pair = new PeerPair();
        var track = new MediaStreamTrack(MediaKind.Audio);
        var sender = pair.Offerer.AddTrack(track);
        var received = ReceivePackets(pair.Answerer, 1);
        await pair.ConnectAsync();
        track.Enabled = false;
        sender.SendRtp(Packet(OpusPayloadType, 1, 0, [1]));
        track.Enabled = true;
        sender.SendRtp(Packet(OpusPayloadType, 2, 960, [2]));
        Assert.That((await received.WaitAsync(PeerPair.Limit))[0].Payload, Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public async Task Video_added_by_renegotiation_flows_beside_the_audio()
    {
        await using var pair = new PeerPair();
        pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Audio));
        await pair.ConnectAsync();
        var video = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Video));
        var received = ReceivePackets(pair.Answerer, 1);
        await pair.NegotiateAsync();
        video.SendRtp(Packet(96, 1, 0, [0x10, 5]));
        Assert.That((await received.WaitAsync(PeerPair.Limit))[0].PayloadType, Is.EqualTo(96));
    }

    [Test]
    public async Task Renegotiation_does_not_restart_a_streams_numbers()
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Audio));
        var received = ReceivePackets(pair.Answerer, 2);
        await pair.ConnectAsync();
        sender.SendRtp(Packet(OpusPayloadType, 1, 0, [1]));
        pair.Offerer.AddTransceiver(MediaKind.Video);
        await pair.NegotiateAsync();
        sender.SendRtp(Packet(OpusPayloadType, 2, 960, [2]));
        var packets = await received.WaitAsync(PeerPair.Limit);
        Assert.That((ushort)(packets[1].Sequence - packets[0].Sequence), Is.EqualTo(1));
        Assert.That(packets[1].Ssrc, Is.EqualTo(packets[0].Ssrc));
    }

    [Test]
    public async Task Statistics_of_both_ends_count_the_same_packets()
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Audio));
        var received = ReceivePackets(pair.Answerer, 20);
        await pair.ConnectAsync();
        for (ushort i = 0; i < 20; i++)
        {
            sender.SendRtp(Packet(OpusPayloadType, i, i * 960u, new byte[50]));
        }

        await received.WaitAsync(PeerPair.Limit);
        var outbound = (await sender.GetStatsAsync()).GetAll<OutboundRtpStreamStats>().Single();
        var inbound = (await pair.Answerer.GetReceivers()[0].GetStatsAsync()).GetAll<InboundRtpStreamStats>().Single();
        Assert.That((outbound.PacketsSent, outbound.BytesSent), Is.EqualTo((20L, 1000L)));
        Assert.That((inbound.PacketsReceived, inbound.BytesReceived, inbound.PacketsLost), Is.EqualTo(((long?)20, 1000L, (long?)0)));
        Assert.That(inbound.Ssrc, Is.EqualTo(outbound.Ssrc));
    }

    private static byte[] Packet(byte payloadType, ushort sequenceNumber, uint timestamp, byte[] payload)
    {
        var buffer = new byte[12 + payload.Length];
        var writer = new RtpPacketWriter(buffer, new Ssrc(0x1234), new PayloadType(payloadType), sequenceNumber, timestamp, false);
        Assert.That(writer.TryAddPayload(payload), Is.True);
        return buffer[..writer.Complete()];
    }

    private static Task<List<Received>> ReceivePackets(PeerConnection connection, int count)
    {
        var packets = new List<Received>();
        var done = new TaskCompletionSource<List<Received>>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Track += (_, e) => e.Receiver.PacketReceived += (RtpReceiver _, in RtpPacketView packet) =>
        {
            packets.Add(new Received(packet.Ssrc, packet.PayloadType.Value, packet.SequenceNumber, packet.Payload.ToArray()));
            if (packets.Count == count)
            {
                done.TrySetResult(packets);
            }
        };
        return done.Task;
    }

    private sealed record Received(Ssrc Ssrc, byte PayloadType, ushort Sequence, byte[] Payload);
}
