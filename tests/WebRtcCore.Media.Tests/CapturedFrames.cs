using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Payloads;
using WebRtcCore.Testing;

namespace WebRtcCore.Media.Tests;

/// <summary>The frames that a browser sent in a recorded call (<c>tests/corpus/rtp</c>): of the stream with the most packets of a payload type.</summary>
internal static class CapturedFrames
{
    private const byte RedPayloadType = 118;
    private const int VideoClockRate = 90_000;

    public static List<RtpAssembledFrame> Read(string file, string mimeType, byte payloadType)
    {
        var packets = PcapReader.Read(TestData.Path($"corpus/rtp/{file}"))
            .Select(p => p.Payload.ToArray())
            .Where(p => RtpPacketView.TryParse(p, out var view) && !RtpPacketView.IsRtcp(p) && IsOf(view, payloadType))
            .GroupBy(p => Parse(p).Ssrc)
            .MaxBy(group => group.Count())!;
        var assembler = new RtpFrameAssembler();
        Assert.That(assembler.TryAddFormat(new PayloadType(payloadType), mimeType, VideoClockRate), Is.True);
        var frames = new List<RtpAssembledFrame>();
        long last = Parse(packets.First()).SequenceNumber;
        foreach (var packet in packets.Select(p => Unwrap(p, payloadType)))
        {
            var view = Parse(packet);
            last = SerialNumber.Unwrap(view.SequenceNumber, last);
            assembler.Add(view, last);
            while (assembler.TryTakeFrame(out var frame))
            {
                frames.Add(frame!);
            }
        }

        Assert.That(frames, Is.Not.Empty);
        return frames;
    }

    /// <summary>The time of each frame from the first, by its RTP timestamp.</summary>
    public static TimeSpan TimeOf(RtpAssembledFrame frame, RtpAssembledFrame first, int clockRate) =>
        TimeSpan.FromSeconds((double)(frame.TimestampTicks - first.TimestampTicks) / clockRate);

    private static bool IsOf(in RtpPacketView view, byte payloadType) =>
        view.PayloadType.Value == payloadType || (view.PayloadType.Value == RedPayloadType && view.Payload.Length > 1 && view.Payload[0] == payloadType);

    // RFC 2198 3: the last block of a RED packet has one byte before it, its payload type. The captures have no other blocks.
    private static byte[] Unwrap(byte[] packet, byte payloadType)
    {
        var view = Parse(packet);
        if (view.PayloadType.Value == payloadType)
        {
            return packet;
        }

        var buffer = new byte[packet.Length];
        var writer = new RtpPacketWriter(buffer, view.Ssrc, new PayloadType(payloadType), view.SequenceNumber, view.TimestampTicks, view.Marker);
        Assert.That(writer.TryAddPayload(view.Payload[1..]), Is.True);
        return buffer[..writer.Complete()];
    }

    private static RtpPacketView Parse(byte[] packet)
    {
        Assert.That(RtpPacketView.TryParse(packet, out var view), Is.True);
        return view;
    }
}
