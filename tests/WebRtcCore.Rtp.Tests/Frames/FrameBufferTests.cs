using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Tests.Frames;

/// <summary>The jitter buffer inside a session, with the NACKs, retransmissions and key-frame requests that belong to it, in virtual time.</summary>
public sealed class FrameBufferTests
{
    private const int FrameTicks = 3000;
    private const int PacketsPerFrame = 3;
    private static readonly TimeSpan FrameTime = TimeSpan.FromSeconds(1) / 30;

    [Test]
    public void Frames_leave_whole_and_in_order_as_soon_as_they_are_there()
    {
        var (pair, player) = Create();
        player.Play(30);
        Assert.That(player.Emitted(), Is.EqualTo(Enumerable.Range(0, 30)));
        Assert.That(player.Delays(), Is.All.LessThanOrEqualTo(pair.Delay));
    }

    [Test]
    public void Every_frame_survives_ten_percent_loss_by_retransmissions()
    {
        var (pair, player) = Create();
        var random = new Random(42);
        pair.Drop = (fromA, isRtcp, _) => fromA && !isRtcp && random.NextDouble() < 0.1;
        player.Play(600);
        pair.Drop = static (_, _, _) => false;
        player.Play(1);
        pair.Run(TimeSpan.FromSeconds(2));
        var stats = player.Stats();
        Assert.That(player.Emitted(), Is.EqualTo(Enumerable.Range(0, 601)));
        Assert.That(stats.FramesDropped, Is.Zero);
        Assert.That(player.PictureLossIndications(), Is.Zero);
    }

    [Test]
    public void A_frame_that_cannot_be_repaired_is_given_up_after_a_few_round_trips_and_a_key_frame_is_asked_for()
    {
        var (pair, player) = Create();
        player.Play(150);
        player.LoseForGood(frame: 150);
        player.Play(60);
        var emitted = player.Emitted();
        var resumed = emitted.First(number => number > 150);
        Assert.That(emitted, Does.Not.Contain(150));
        Assert.That(emitted.Where(number => number > 150), Is.EqualTo(Enumerable.Range(resumed, 210 - resumed)), "What depends on the lost frame is left out.");
        Assert.That(player.PictureLossIndications(), Is.EqualTo(1));
        Assert.That(player.Frames().First(f => f.Frame.TimestampTicks > 150 * FrameTicks).Frame.IsKeyFrame, Is.True);

        // Round trip 40 ms: five answers of 50 ms at the most, then a request and its answer.
        Assert.That((resumed - 150) * FrameTime, Is.LessThan(TimeSpan.FromMilliseconds(500)));
        Assert.That(player.Stats().FreezeCount, Is.EqualTo(1));
    }

    [Test]
    public void The_patience_follows_the_round_trip()
    {
        TimeSpan Patience(int oneWayMilliseconds)
        {
            var (pair, player) = Create();
            pair.Delay = TimeSpan.FromMilliseconds(oneWayMilliseconds);
            player.Play(200);
            player.LoseForGood(frame: 200);
            player.AnswersKeyFrameRequests = false;
            var start = pair.Clock.Now;
            while (player.PictureLossIndications() == 0)
            {
                player.Play(1);
            }

            return pair.Clock.Now - start;
        }

        Assert.That(Patience(10), Is.LessThan(TimeSpan.FromMilliseconds(250)));
        Assert.That(Patience(100), Is.InRange(TimeSpan.FromMilliseconds(1100), TimeSpan.FromMilliseconds(2000)));
    }

    [Test]
    public void A_receiver_that_sends_nothing_learns_the_round_trip_from_the_answers_to_its_requests()
    {
        var (pair, player) = Create(RtcpFeedbackKinds.Nack);
        pair.Delay = TimeSpan.FromMilliseconds(10);
        var random = new Random(3);
        pair.Drop = (fromA, isRtcp, _) => fromA && !isRtcp && random.NextDouble() < 0.1;
        player.Play(300);
        Assert.That(pair.B.RoundTripTime, Is.InRange(TimeSpan.FromMilliseconds(18), TimeSpan.FromMilliseconds(35)));
    }

    [Test]
    public void Without_retransmissions_only_overtaken_packets_are_waited_for()
    {
        var (pair, player) = Create(RtcpFeedbackKinds.NackPli | RtcpFeedbackKinds.TransportCc);
        player.Play(30);
        player.LoseForGood(frame: 30);
        player.Play(30);
        Assert.That(player.PictureLossIndications(), Is.EqualTo(1));
        Assert.That(player.Emitted().First(number => number > 30), Is.LessThan(37));
    }

    [Test]
    public void Key_frames_are_asked_for_again_while_none_comes_but_not_more_often_than_one_could_come()
    {
        var (pair, player) = Create();
        player.AnswersKeyFrameRequests = false;
        player.Play(30);
        player.LoseForGood(frame: 30);
        player.Play(150);
        Assert.That(player.PictureLossIndications(), Is.InRange(10, 17), "Five seconds, at most one in 300 ms.");
        Assert.That(player.Emitted(), Is.EqualTo(Enumerable.Range(0, 30)));
        Assert.That(player.Stats().FramesDropped, Is.GreaterThan(100));
    }

    [Test]
    public void A_full_intra_request_is_made_where_only_that_is_agreed()
    {
        var (pair, player) = Create(RtcpFeedbackKinds.CcmFir | RtcpFeedbackKinds.Nack);
        player.Play(30);
        player.LoseForGood(frame: 30);
        player.Play(40);
        Assert.That(pair.B.ReceiveStreams[0].GetStats().FirCount, Is.EqualTo(1));
        Assert.That(player.Emitted(), Does.Contain(69));
    }

    [Test]
    public void A_reader_that_comes_in_the_middle_gets_a_key_frame_first()
    {
        var (pair, player) = Create();
        pair.WantsFrames = false;
        player.Play(30);
        pair.WantsFrames = true;
        player.Play(30);
        Assert.That(player.Frames()[0].Frame.IsKeyFrame, Is.True);
        Assert.That(player.Emitted()[0], Is.InRange(31, 34), "One round trip later.");
    }

    [Test]
    public void The_last_frame_of_a_stream_is_waited_for_without_further_packets()
    {
        var (pair, player) = Create(RtcpFeedbackKinds.NackPli);
        player.Play(10);
        player.LoseForGood(frame: 10, packet: 1);
        player.Play(1);
        pair.Run(TimeSpan.FromSeconds(1));
        Assert.That(player.Stats().LossesGivenUp, Is.GreaterThan(0), "The clock gives it up, not the stream.");
        Assert.That(pair.B.NextTimeout, Is.Null.Or.GreaterThan(pair.Clock.Now));
    }

    [Test]
    public void With_a_target_frames_leave_evenly_in_spite_of_jitter()
    {
        var (pair, player) = Create();
        player.JitterBufferTarget = TimeSpan.FromMilliseconds(100);
        var random = new Random(7);
        pair.DelayOf = () => pair.Delay + TimeSpan.FromMilliseconds(random.Next(60));
        player.Play(300);
        pair.Run(TimeSpan.FromSeconds(1));
        var at = player.Frames().Skip(100).Select(f => f.At).ToArray();
        var intervals = at.Zip(at.Skip(1), (a, b) => (b - a).TotalMilliseconds).ToArray();
        Assert.That(intervals, Is.All.InRange(FrameTime.TotalMilliseconds - 15, FrameTime.TotalMilliseconds + 15));
        Assert.That(player.Emitted(), Is.EqualTo(Enumerable.Range(0, 300)));
        var stats = player.Stats();
        Assert.That(stats.JitterBufferDelay / stats.FramesEmitted, Is.InRange(TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(110)));
        Assert.That(stats.JitterBufferTargetDelay / stats.FramesEmitted, Is.EqualTo(TimeSpan.FromMilliseconds(100)).Within(TimeSpan.FromMilliseconds(10)));
        Assert.That(stats.JitterBufferMinimumDelay / stats.FramesEmitted, Is.InRange(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(70)));
    }

    [Test]
    public void The_capture_time_comes_from_the_senders_reports()
    {
        var (pair, player) = Create();
        player.Play(120);
        var frame = player.Frames()[^1].Frame;
        Assert.That(player.Frames()[0].Frame.CaptureTime, Is.Null, "No report yet.");
        var captured = player.CapturedAt(frame);
        Assert.That(frame.CaptureTime!.Value.ToDateTimeOffset(), Is.EqualTo(SessionPair.Origin + captured.SinceOrigin).Within(TimeSpan.FromMilliseconds(1)));
    }

    [Test]
    public void A_lost_repair_packet_holds_no_frame_up()
    {
        var (pair, player) = Create();
        pair.Drop = static (fromA, isRtcp, bytes) => fromA && !isRtcp && RtpPacketView.TryParse(bytes, out var view) && view.Payload.Length < 20;
        for (var i = 0; i < 30; i++)
        {
            player.Play(1);
            pair.SendPayload(pair.A.SendStreams[0], new byte[10], (uint)i * FrameTicks, marker: false);
        }

        player.Play(1);
        Assert.That(player.Emitted(), Is.EqualTo(Enumerable.Range(0, 31)));
        Assert.That(player.Delays(), Is.All.LessThanOrEqualTo(pair.Delay));
        Assert.That((player.PictureLossIndications(), player.Stats().LossesGivenUp), Is.EqualTo((0L, 0L)));
        Assert.That(pair.B.ReceiveStreams[0].GetStats().NackCount, Is.Zero, "Nobody sends repair packets again: they are not asked for once the frames are whole.");
    }

    [Test]
    public void A_day_of_video_passes_every_wrap_of_numbers_and_timestamps()
    {
        const int Frames = 24 * 60 * 60 * 2;
        var pair = new SessionPair(RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.NackPli | RtcpFeedbackKinds.Rrtr) { WantsFrames = true };
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        var frames = 0;
        var lost = 0;
        pair.Drop = (fromA, isRtcp, _) => fromA && !isRtcp && lost++ % 97 == 50;
        var first = stream.NextSequenceNumber;
        for (var number = 0; number < Frames; number++)
        {
            // Two frames a second; 90,000 ticks of it wrap after 13 hours, the numbers every nine hours.
            var timestamp = unchecked((uint)number * 45_000u);
            byte[] payload = [0x90, 0x80, (byte)(0x80 | ((number >> 8) & 0x7F)), (byte)number, (byte)(number == 0 ? 0 : 1), 1, 2, 3];
            pair.SendPayload(stream, payload, timestamp, marker: false);
            payload[0] = 0x80;
            pair.SendPayload(stream, payload, timestamp, marker: true);
            pair.Run(TimeSpan.FromMilliseconds(500));
            foreach (var (frame, _) in pair.FramesOfB)
            {
                Assert.That(frame.TimestampTicks, Is.EqualTo(unchecked((uint)frames * 45_000u)));
                frames++;
                if (frames > 100)
                {
                    var captured = SessionPair.Origin + (pair.Clock.Now - Primitives.Instant.Zero);
                    Assert.That(captured - frame.CaptureTime!.Value.ToDateTimeOffset(), Is.InRange(TimeSpan.Zero, TimeSpan.FromMilliseconds(1500)));
                }
            }

            pair.FramesOfB.Clear();
            pair.Rtcp.Clear();
            pair.EventsOfA.Clear();
            pair.EventsOfB.Clear();
            pair.ReceivedByB.Clear();
            pair.PayloadsReceivedByB.Clear();
        }

        Assert.That(frames, Is.InRange(Frames - 2, Frames), "Two may still be on their way.");
        var stats = pair.B.ReceiveStreams[0].GetStats();
        Assert.That(stats.PacketsReceived, Is.GreaterThan(5 * 65_536 / 2));
        Assert.That((stats.PliCount, (ushort)(stream.NextSequenceNumber - first)), Is.EqualTo((0L, unchecked((ushort)(2 * Frames)))));
    }

    [Test]
    public void What_is_kept_is_bounded_however_long_a_packet_is_missing()
    {
        var (pair, player) = Create();
        player.Play(5);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        player.LoseForGood(frame: 5);
        player.AnswersKeyFrameRequests = false;
        player.Play(2000);
        pair.FramesOfB.Clear();
        pair.PayloadsReceivedByB.Clear();
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(16 * 1024 * 1024));
    }

    private static (SessionPair Pair, Player Player) Create(RtcpFeedbackKinds feedback = RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.NackPli | RtcpFeedbackKinds.TransportCc | RtcpFeedbackKinds.Rrtr)
    {
        var pair = new SessionPair(feedback) { WantsFrames = true };
        pair.SetReceiver();
        return (pair, new Player(pair, pair.AddVideoStream()));
    }

    /// <summary>A camera with an encoder at A that answers requests for key frames.</summary>
    private sealed class Player(SessionPair pair, RtpSendStream stream)
    {
        private readonly IRtpPacketizer _packetizer = RtpPayloadFormats.CreatePacketizer("video/VP8");
        private readonly List<Primitives.Instant> _captured = [];
        private int _seenEvents;

        public bool AnswersKeyFrameRequests { get; set; } = true;

        public TimeSpan? JitterBufferTarget { get; set; }

        public void LoseForGood(int frame, int packet = 0)
        {
            pair.Drop = (fromA, isRtcp, bytes) => fromA && !isRtcp && RtpPacketView.TryParse(bytes, out var view)
                && view.Payload.Length > 30 && view.Payload.IndexOf(Mark(frame, packet)) >= 0;
        }

        public void Play(int count)
        {
            for (var i = 0; i < count; i++)
            {
                SendFrame();
                foreach (var received in pair.B.ReceiveStreams)
                {
                    received.JitterBufferTarget = JitterBufferTarget;
                }

                pair.Run(FrameTime);
            }

            pair.Run(pair.Delay);
        }

        public List<(RtpAssembledFrame Frame, TimeSpan At)> Frames() => pair.FramesOfB;

        public List<int> Emitted() => [.. pair.FramesOfB.Select(f => (int)(f.Frame.TimestampTicks / FrameTicks))];

        public IEnumerable<TimeSpan> Delays() => pair.FramesOfB.Select(f => pair.FramesOfB.Count > 0 ? f.At - (CapturedAt(f.Frame) - Testing.VirtualClock.Start) : default);

        public Primitives.Instant CapturedAt(RtpAssembledFrame frame) => _captured[(int)(frame.TimestampTicks / FrameTicks)];

        public WebRtcCore.Rtp.Frames.RtpFrameStats Stats() => pair.B.ReceiveStreams[0].GetFrameStats()!.Value;

        public long PictureLossIndications() => pair.B.ReceiveStreams.Count == 0 ? 0 : pair.B.ReceiveStreams[0].GetStats().PliCount;

        private static byte[] Mark(int frame, int packet) => [0xA5, 0x5A, (byte)(frame >> 8), (byte)frame, (byte)packet, 0xC3];

        private void SendFrame()
        {
            var number = _captured.Count;
            _captured.Add(pair.Clock.Now);
            var isKey = number == 0;
            for (; _seenEvents < pair.EventsOfA.Count; _seenEvents++)
            {
                isKey |= AnswersKeyFrameRequests && pair.EventsOfA[_seenEvents].Kind == RtpEventKind.KeyFrameRequested;
            }

            // RFC 6386 9.1: the lowest bit of the first byte is clear in a key frame. Each third of the frame bears its number.
            const int Part = 900;
            var data = new byte[PacketsPerFrame * Part];
            data[0] = isKey ? (byte)0 : (byte)1;
            for (var packet = 0; packet < PacketsPerFrame; packet++)
            {
                Mark(number, packet).CopyTo(data, (packet * Part) + 10);
            }

            Assert.That(_packetizer.TryBegin(data, 904), Is.True);
            var payload = new byte[1200];
            while (_packetizer.TryWriteNext(payload, out var length, out var isLast))
            {
                pair.SendPayload(stream, payload.AsSpan(0, length), (uint)number * FrameTicks, isLast);
            }
        }
    }
}
