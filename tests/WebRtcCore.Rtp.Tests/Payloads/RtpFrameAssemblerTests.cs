using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Tests.Payloads;

public sealed class RtpFrameAssemblerTests
{
    private const string Vp8 = "video/VP8";

    [Test]
    public void Reordered_packets_give_the_frames_in_order()
    {
        var assembler = PayloadRoundTrip.Assembler(Vp8);
        var packets = Stream(4, 3);
        PayloadRoundTrip.Add(assembler, packets[0], 0);
        for (var i = packets.Count - 1; i > 0; i--)
        {
            PayloadRoundTrip.Add(assembler, packets[i], i);
        }

        Assert.That(PayloadRoundTrip.Take(assembler).Select(f => f.TimestampTicks), Is.EqualTo(new uint[] { 0, 3000, 6000, 9000 }));
        Assert.That(assembler.BufferedBytes, Is.Zero);
    }

    [Test]
    public void A_duplicate_changes_nothing()
    {
        var assembler = PayloadRoundTrip.Assembler(Vp8);
        var packets = Stream(2, 2);
        for (var i = 0; i < packets.Count; i++)
        {
            PayloadRoundTrip.Add(assembler, packets[i], i);
            PayloadRoundTrip.Add(assembler, packets[i], i);
        }

        Assert.That(PayloadRoundTrip.Take(assembler), Has.Count.EqualTo(2));
        Assert.That(assembler.PacketsLate, Is.EqualTo(4));
    }

    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public void A_frame_that_misses_a_packet_is_left_out_once_the_stream_has_gone_on(int missing)
    {
        var assembler = PayloadRoundTrip.Assembler(Vp8);
        var packets = Stream(30, 3);
        var frames = new List<RtpAssembledFrame>();
        var atFirst = 0;
        for (var i = 0; i < packets.Count; i++)
        {
            if (i != missing)
            {
                PayloadRoundTrip.Add(assembler, packets[i], i);
                frames.AddRange(PayloadRoundTrip.Take(assembler));
            }

            atFirst = i == 9 ? frames.Count : atFirst;
        }

        Assert.That(atFirst, Is.EqualTo(1), "A retransmission is waited for.");
        Assert.That(frames.Select(f => f.TimestampTicks), Is.EqualTo(Enumerable.Range(0, 30).Where(i => i != 1).Select(i => (uint)i * 3000)));
        Assert.That((assembler.Gaps, assembler.FramesDamaged), Is.EqualTo((1L, 1L)));
    }

    [Test]
    public void A_retransmission_in_time_fills_the_gap()
    {
        var assembler = PayloadRoundTrip.Assembler(Vp8);
        var packets = Stream(10, 3);
        for (var i = 0; i < packets.Count; i++)
        {
            if (i != 4)
            {
                PayloadRoundTrip.Add(assembler, packets[i], i);
            }
        }

        Assert.That(PayloadRoundTrip.Take(assembler), Has.Count.EqualTo(1));
        PayloadRoundTrip.Add(assembler, packets[4], 4);
        Assert.That(PayloadRoundTrip.Take(assembler), Has.Count.EqualTo(9));
        Assert.That((assembler.Gaps, assembler.FramesDamaged), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void Lost_audio_is_given_up_after_100_milliseconds()
    {
        var assembler = PayloadRoundTrip.Assembler("audio/opus");
        var given = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            if (i != 2)
            {
                PayloadRoundTrip.Add(assembler, PayloadRoundTrip.Packet([(byte)i], i, (uint)i * 960, false), i);
            }

            given.Add(PayloadRoundTrip.Take(assembler).Count);
        }

        Assert.That(given, Is.EqualTo(new[] { 1, 1, 0, 0, 0, 0, 0, 0, 0, 7, 1, 1 }));
        Assert.That(assembler.Gaps, Is.EqualTo(1));
    }

    [Test]
    public void A_stream_joined_in_the_middle_of_a_frame_starts_with_the_next()
    {
        var assembler = PayloadRoundTrip.Assembler(Vp8);
        var packets = Stream(3, 3);
        for (var i = 1; i < packets.Count; i++)
        {
            PayloadRoundTrip.Add(assembler, packets[i], i);
        }

        Assert.That(PayloadRoundTrip.Take(assembler).Select(f => f.TimestampTicks), Is.EqualTo(new uint[] { 3000, 6000 }));
        Assert.That(assembler.FramesDamaged, Is.EqualTo(1));
    }

    [Test]
    public void A_frame_whose_marker_is_missing_ends_with_the_next_timestamp()
    {
        var assembler = PayloadRoundTrip.Assembler(Vp8);
        PayloadRoundTrip.Add(assembler, PayloadRoundTrip.Packet([0x10, 0, 1], 0, 0, false), 0);
        Assert.That(PayloadRoundTrip.Take(assembler), Is.Empty);
        PayloadRoundTrip.Add(assembler, PayloadRoundTrip.Packet([0x10, 1, 2], 1, 3000, true), 1);
        Assert.That(PayloadRoundTrip.Take(assembler).Select(f => f.IsKeyFrame), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void Padding_and_other_payload_types_are_passed_over()
    {
        var assembler = PayloadRoundTrip.Assembler(Vp8);
        PayloadRoundTrip.Add(assembler, PayloadRoundTrip.Packet([0x10, 0, 1], 0, 0, false), 0);
        PayloadRoundTrip.Add(assembler, PayloadRoundTrip.Packet([], 1, 0, false), 1);
        PayloadRoundTrip.Add(assembler, PayloadRoundTrip.Packet([9, 9], 2, 77, true, payloadType: 13), 2);
        PayloadRoundTrip.Add(assembler, PayloadRoundTrip.Packet([0x00, 5], 3, 0, true), 3);
        Assert.That(PayloadRoundTrip.Take(assembler).Single().Data.ToArray(), Is.EqualTo(new byte[] { 0, 1, 5 }));
    }

    [Test]
    public void Endless_fragments_are_capped()
    {
        var options = new RtpFrameAssemblerOptions { MaxPackets = 4096, MaxBytes = 100_000 };
        var assembler = PayloadRoundTrip.Assembler("video/H264", options);
        byte[] start = [0x7C, 0x87, .. new byte[1000]];
        byte[] middle = [0x7C, 0x07, .. new byte[1000]];
        for (var i = 0; i < 5000; i++)
        {
            PayloadRoundTrip.Add(assembler, PayloadRoundTrip.Packet(i == 0 ? start : middle, i, 0, false), i);
            Assert.That(PayloadRoundTrip.Take(assembler), Is.Empty);
            Assert.That(assembler.BufferedBytes, Is.LessThanOrEqualTo(options.MaxBytes));
        }

        Assert.That(assembler.FramesDamaged, Is.EqualTo(1));
    }

    [Test]
    public void Bombs_of_lengths_are_refused_and_counted()
    {
        byte[][] h264 = [[0x78, 0, 0, 0, 0], [0x78, 0xFF, 0xFF, 1], [0x78, 0, 2, 0x78, 1], [0x7C, 0x45, 1]];
        byte[][] av1 = [[0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1], [0x20, 0xFF], [0x00, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80], [0x18, 0x32, 0x7F, 1]];
        foreach (var (mimeType, payloads) in new[] { ("video/H264", h264), ("video/AV1", av1) })
        {
            var assembler = PayloadRoundTrip.Assembler(mimeType);
            for (var i = 0; i < payloads.Length; i++)
            {
                PayloadRoundTrip.Add(assembler, PayloadRoundTrip.Packet(payloads[i], i, (uint)i * 3000, true), i);
            }

            Assert.That(PayloadRoundTrip.Take(assembler), Is.Empty);
            Assert.That(assembler.FramesDamaged, Is.EqualTo(payloads.Length));
        }
    }

    [Test]
    public void A_jump_far_ahead_starts_anew()
    {
        var assembler = PayloadRoundTrip.Assembler(Vp8);
        PayloadRoundTrip.Add(assembler, PayloadRoundTrip.Packet([0x10, 0, 1], 0, 0, false), 0);
        PayloadRoundTrip.Add(assembler, PayloadRoundTrip.Packet([0x10, 0, 2], 1_000_000, 90_000, true), 1_000_000);
        Assert.That(PayloadRoundTrip.Take(assembler).Single().TimestampTicks, Is.EqualTo(90_000u));
    }

    [Test]
    public void A_payload_type_may_change_its_meaning()
    {
        var assembler = PayloadRoundTrip.Assembler(Vp8);
        PayloadRoundTrip.Add(assembler, PayloadRoundTrip.Packet([0x10, 0, 1], 0, 0, false), 0);
        Assert.That(assembler.TryAddFormat(new PayloadType(PayloadRoundTrip.PayloadType), "audio/opus", 48_000), Is.True);
        PayloadRoundTrip.Add(assembler, PayloadRoundTrip.Packet([7], 1, 960, false), 1);
        Assert.That(PayloadRoundTrip.Take(assembler).Single().Data.ToArray(), Is.EqualTo(new byte[] { 7 }));
        Assert.That(assembler.TryAddFormat(new PayloadType(PayloadRoundTrip.PayloadType), "audio/red", 48_000), Is.False);
    }

    // Frames of equal numbers of packets, 3000 ticks apart.
    private static List<byte[]> Stream(int frames, int packetsPerFrame)
    {
        var packets = new List<byte[]>();
        for (var frame = 0; frame < frames; frame++)
        {
            for (var part = 0; part < packetsPerFrame; part++)
            {
                byte[] payload = [part == 0 ? (byte)0x10 : (byte)0x00, (byte)frame, (byte)part];
                packets.Add(PayloadRoundTrip.Packet(payload, packets.Count, (uint)frame * 3000, part == packetsPerFrame - 1));
            }
        }

        return packets;
    }
}
