namespace WebRtcCore.Tests.Connections;

/// <summary>Encoded frames from one application to the other.</summary>
public sealed class FrameTests
{
    [TestCase(1)]
    [TestCase(1000)]
    [TestCase(1160)]
    [TestCase(30_000)]
    [TestCase(200_000)]
    public async Task A_vp8_frame_arrives_as_it_was_sent(int length)
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Video));
        await pair.ConnectAsync();
        var data = MakeFrame(length, 0x00);
        var frames = await ExchangeAsync(pair, sender, [new EncodedFrame(data, 90_000)]);
        Assert.That(frames[0].Data.ToArray(), Is.EqualTo(data));
        Assert.That((frames[0].TimestampTicks, frames[0].IsKeyFrame, frames[0].PayloadType), Is.EqualTo((90_000u, true, (int?)96)));
        Assert.That(frames[0].Codec?.MimeType, Is.EqualTo("video/VP8"));
    }

    [TestCase(1)]
    [TestCase(160)]
    [TestCase(1000)]
    public async Task An_opus_frame_arrives_as_it_was_sent(int length)
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Audio));
        await pair.ConnectAsync();
        var data = MakeFrame(length, 0x78);
        var frames = await ExchangeAsync(pair, sender, [new EncodedFrame(data, 960)]);
        Assert.That(frames[0].Data.ToArray(), Is.EqualTo(data));
        Assert.That(frames[0].Codec?.MimeType, Is.EqualTo("audio/opus"));
    }

    [Test]
    public async Task Many_frames_arrive_in_order()
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Video));
        await pair.ConnectAsync();
        var sent = Enumerable.Range(0, 60).Select(i => new EncodedFrame(MakeFrame(1 + (i * 97), (byte)(i == 0 ? 0 : 1)), (uint)i * 3000)).ToList();
        var frames = await ExchangeAsync(pair, sender, sent);
        Assert.That(frames.Select(f => f.Data.ToArray()), Is.EqualTo(sent.Select(f => f.Data.ToArray())));
        Assert.That(frames.Select(f => f.TimestampTicks), Is.EqualTo(sent.Select(f => f.TimestampTicks)));
        Assert.That(frames.Select(f => f.IsKeyFrame), Is.EqualTo(frames.Select((_, i) => i == 0)));
    }

    [Test]
    public async Task An_h264_access_unit_arrives_in_the_format_of_its_payload_type()
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Video));
        await pair.ConnectAsync();
        byte[] unit = [0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x1F, 0, 0, 0, 1, 0x68, 0xCE, 0x3C, 0x80, 0, 0, 0, 1, .. MakeFrame(5000, 0x65)];
        var payloadType = sender.GetParameters().Codecs.First(c => c.Name == "H264").PayloadType;
        var frames = await ExchangeAsync(pair, sender, [new EncodedFrame(unit, 1) { PayloadType = payloadType }]);
        Assert.That(frames[0].Data.ToArray(), Is.EqualTo(unit));
        Assert.That((frames[0].IsKeyFrame, frames[0].PayloadType), Is.EqualTo((true, (int?)payloadType)));
    }

    [Test]
    public async Task Frames_sent_in_a_handler_on_the_loop_arrive_too()
    {
        await using var pair = new PeerPair();
        var sender = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Video));
        var data = MakeFrame(20_000, 0x00);
        sender.KeyFrameRequested += (_, _) => sender.SendFrame(new EncodedFrame(data, 6000));
        await pair.ConnectAsync();
        var receiver = pair.Answerer.GetReceivers()[0];
        await using var reading = receiver.ReadFramesAsync().GetAsyncEnumerator();
        var next = reading.MoveNextAsync().AsTask();
        sender.SendFrame(new EncodedFrame(MakeFrame(10, 0x00), 3000));
        Assert.That(await next.WaitAsync(PeerPair.Limit), Is.True);
        next = reading.MoveNextAsync().AsTask();
        receiver.RequestKeyFrame();
        Assert.That(await next.WaitAsync(PeerPair.Limit), Is.True);
        Assert.That(reading.Current.Data.ToArray(), Is.EqualTo(data));
    }

    [Test]
    public async Task The_enumeration_ends_when_the_connection_is_closed()
    {
        await using var pair = new PeerPair();
        pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Audio));
        await pair.ConnectAsync();
        await using var reading = pair.Answerer.GetReceivers()[0].ReadFramesAsync().GetAsyncEnumerator();
        var next = reading.MoveNextAsync().AsTask();
        pair.Answerer.Close();
        Assert.That(await next.WaitAsync(PeerPair.Limit), Is.False);
    }

    [Test]
    public async Task The_enumeration_ends_when_the_peer_stops_the_transceiver()
    {
        await using var pair = new PeerPair();
        pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Audio));
        await pair.ConnectAsync();
        await using var reading = pair.Answerer.GetReceivers()[0].ReadFramesAsync().GetAsyncEnumerator();
        var next = reading.MoveNextAsync().AsTask();
        pair.Offerer.GetTransceivers()[0].Stop();
        await pair.NegotiateAsync();
        Assert.That(await next.WaitAsync(PeerPair.Limit), Is.False);
    }

    [Test]
    public async Task There_is_one_reader_at_a_time()
    {
        await using var pair = new PeerPair();
        var receiver = pair.Offerer.AddTransceiver(MediaKind.Audio).Receiver;
        using var cancellation = new CancellationTokenSource();
        await using (var first = receiver.ReadFramesAsync(cancellation.Token).GetAsyncEnumerator())
        {
            var next = first.MoveNextAsync().AsTask();
            await using var second = receiver.ReadFramesAsync().GetAsyncEnumerator();
            Assert.That(async () => await second.MoveNextAsync(), Throws.InvalidOperationException);
            await cancellation.CancelAsync();
            Assert.That(async () => await next.WaitAsync(PeerPair.Limit), Throws.InstanceOf<OperationCanceledException>());
        }

        await using var third = receiver.ReadFramesAsync().GetAsyncEnumerator();
        var last = third.MoveNextAsync().AsTask();
        Assert.That(last.IsCompleted, Is.False);
        pair.Offerer.Close();
        Assert.That(await last.WaitAsync(PeerPair.Limit), Is.False);
    }

    [Test]
    public async Task What_is_no_frame_of_the_codec_is_refused()
    {
        await using var pair = new PeerPair();
        var video = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Video));
        var audio = pair.Offerer.AddTrack(new MediaStreamTrack(MediaKind.Audio));
        await pair.NegotiateAsync();
        var codecs = video.GetParameters().Codecs;
        EncodedFrame Frame(byte[] data, string codec) => new(data, 0) { PayloadType = codecs.First(c => c.Name == codec).PayloadType };
        Assert.That(() => video.SendFrame(new EncodedFrame(default, 0)), Throws.ArgumentException);
        Assert.That(() => video.SendFrame(Frame([1, 2, 3], "H264")), Throws.ArgumentException);
        Assert.That(() => video.SendFrame(Frame([0xFF, 0xFF], "AV1")), Throws.ArgumentException);
        Assert.That(() => audio.SendFrame(new EncodedFrame(new byte[2000], 0)), Throws.ArgumentException);
        var exception = Assert.Throws<RtcException>(() => video.SendFrame(Frame([1], "rtx")));
        Assert.That(exception!.Name, Is.EqualTo("NotSupportedError"));
    }

    [Test]
    public async Task Frames_before_negotiation_and_of_disabled_tracks_are_dropped()
    {
        await using var pair = new PeerPair();
        var track = new MediaStreamTrack(MediaKind.Audio);
        var sender = pair.Offerer.AddTrack(track);
        sender.SendFrame(new EncodedFrame(new byte[] { 1 }, 0));
        await pair.ConnectAsync();
        track.Enabled = false;
        sender.SendFrame(new EncodedFrame(new byte[] { 2 }, 960));
        track.Enabled = true;
        var frames = await ExchangeAsync(pair, sender, [new EncodedFrame(new byte[] { 3 }, 1920)]);
        Assert.That(frames[0].Data.ToArray(), Is.EqualTo(new byte[] { 3 }));
    }

    // Never a zero byte: in H.264 those would be start codes, and encoders escape them.
    private static byte[] MakeFrame(int length, byte first)
    {
        var data = new byte[length];
        for (var i = 0; i < length; i++)
        {
            data[i] = (byte)(1 + (i % 251));
        }

        data[0] = first;
        return data;
    }

    private static async Task<List<EncodedFrame>> ExchangeAsync(PeerPair pair, RtpSender sender, List<EncodedFrame> sent)
    {
        using var cancellation = new CancellationTokenSource(PeerPair.Limit);
        var receiver = pair.Answerer.GetReceivers()[0];
        await using var reading = receiver.ReadFramesAsync(cancellation.Token).GetAsyncEnumerator();
        var received = new List<EncodedFrame>();
        var next = reading.MoveNextAsync().AsTask();
        foreach (var frame in sent)
        {
            sender.SendFrame(frame);
        }

        while (await next)
        {
            received.Add(reading.Current);
            if (received.Count == sent.Count)
            {
                break;
            }

            next = reading.MoveNextAsync().AsTask();
        }

        return received;
    }
}
