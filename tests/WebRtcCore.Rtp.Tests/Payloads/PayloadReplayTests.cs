using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Payloads;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests.Payloads;

/// <summary>Frames of recorded calls.</summary>
public sealed class PayloadReplayTests
{
    private const byte RedPayloadType = 118;

    [TestCase("plain-av-vp8.pcap", "video/VP8", 96, 20)]
    [TestCase("plain-simulcast3-vp8.pcap", "video/VP8", 96, 20)]
    [TestCase("plain-av-vp9.pcap", "video/VP9", 98, 20)]
    [TestCase("plain-svc-vp9-L3T3.pcap", "video/VP9", 98, 10)]
    [TestCase("plain-av-h264.pcap", "video/H264", 102, 20)]
    [TestCase("plain-av-av1.pcap", "video/AV1", 45, 20)]
    [TestCase("plain-audio-opus.pcap", "audio/opus", 111, 200)]
    [TestCase("plain-audio-pcmu.pcap", "audio/PCMU", 0, 150)]
    public void A_browsers_frames_are_whole_and_begin_with_a_key_frame(string file, string mimeType, byte payloadType, int atLeast)
    {
        var streams = 0;
        var total = 0;
        foreach (var packets in Streams(file, payloadType))
        {
            var assembler = new RtpFrameAssembler();
            assembler.TryAddFormat(new PayloadType(payloadType), mimeType, 90_000);
            var frames = new List<RtpAssembledFrame>();
            long last = packets[0].Number;
            foreach (var (packet, number) in packets)
            {
                last = SerialNumber.Unwrap(number, last);
                PayloadRoundTrip.Add(assembler, packet, last);
                frames.AddRange(PayloadRoundTrip.Take(assembler));
            }

            var timestamps = packets.Select(p => Parse(p.Packet).TimestampTicks).Distinct().Count();
            TestContext.Out.WriteLine($"{file}: {packets.Count} packets, {timestamps} timestamps, {frames.Count} frames, {frames.Count(f => f.IsKeyFrame)} key frames, {assembler.FramesDamaged} damaged");
            Assert.That(frames, Is.Not.Empty);
            Assert.That(frames[0].IsKeyFrame, Is.True);
            Assert.That(frames.Count, Is.InRange(timestamps - 1, timestamps), "The last may be cut off.");
            Assert.That(assembler.FramesDamaged, Is.Zero);
            foreach (var frame in frames)
            {
                Assert.That(LooksRight(mimeType, frame), Is.True, Convert.ToHexString(frame.Data.Span[..Math.Min(32, frame.Data.Length)]));
                Assert.That(RtpPayloadFormats.IsFrame(mimeType, frame.Data.Span), Is.True);
            }

            streams++;
            total += frames.Count;
        }

        Assert.That(streams, Is.Positive);
        Assert.That(total, Is.GreaterThanOrEqualTo(atLeast));
    }

    private static bool LooksRight(string mimeType, RtpAssembledFrame frame)
    {
        var data = frame.Data.Span;
        return mimeType switch
        {
            // RFC 6386 9.1: a key frame has its start code behind the frame tag.
            "video/VP8" => !frame.IsKeyFrame || data[3..6].SequenceEqual<byte>([0x9D, 0x01, 0x2A]),
            "video/VP9" => data[0] >> 6 == 2 && (!frame.IsKeyFrame || data[1..4].SequenceEqual<byte>([0x49, 0x83, 0x42])),
            "video/H264" => data[..4].SequenceEqual<byte>([0, 0, 0, 1]) && frame.IsKeyFrame == ((data[4] & 0x1F) == 7),
            "video/AV1" => data[..2].SequenceEqual<byte>([0x12, 0]) && frame.IsKeyFrame == (((data[2] >> 3) & 0x0F) == 1),
            _ => frame.IsKeyFrame,
        };
    }

    private static IEnumerable<List<(byte[] Packet, ushort Number)>> Streams(string file, byte payloadType) =>
        CaptureReplayTests.Media(TestData.Path($"corpus/rtp/{file}"))
            .Where(p => !RtpPacketView.IsRtcp(p))
            .Select(p => Unwrap(p, payloadType))
            .Where(p => Parse(p).PayloadType.Value == payloadType)
            .GroupBy(p => Parse(p).Ssrc)
            .Select(group => group.Select(p => (p, Parse(p).SequenceNumber)).ToList());

    // RFC 2198 3: the last block of a RED packet has one byte before it, its payload type. The captures have no other blocks.
    private static byte[] Unwrap(byte[] packet, byte payloadType)
    {
        var view = Parse(packet);
        return view.PayloadType.Value == RedPayloadType && view.Payload.Length > 1 && view.Payload[0] == payloadType
            ? PayloadRoundTrip.Packet(view.Payload[1..].ToArray(), view.SequenceNumber, view.TimestampTicks, view.Marker, payloadType, view.Ssrc.Value)
            : packet;
    }

    private static RtpPacketView Parse(byte[] packet)
    {
        Assert.That(RtpPacketView.TryParse(packet, out var view), Is.True);
        return view;
    }
}
