using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Tests.Payloads;

/// <summary>Frames cut into RTP packets, and packets joined to frames.</summary>
internal static class PayloadRoundTrip
{
    public const byte PayloadType = 96;
    private const uint MediaSsrc = 0x1234;

    public static List<byte[]> Cut(IRtpPacketizer packetizer, byte[] frame, int maxPayloadSize)
    {
        var payloads = new List<byte[]>();
        var buffer = new byte[maxPayloadSize];
        Assert.That(packetizer.TryBegin(frame, maxPayloadSize), Is.True);
        var sawLast = false;
        while (packetizer.TryWriteNext(buffer, out var length, out var isLast))
        {
            Assert.That(sawLast, Is.False);
            Assert.That(length, Is.InRange(1, maxPayloadSize));
            sawLast = isLast;
            payloads.Add(buffer[..length]);
        }

        Assert.That(sawLast, Is.True);
        return payloads;
    }

    public static byte[] Packet(byte[] payload, long number, uint timestamp, bool marker, byte payloadType = PayloadType, uint ssrc = MediaSsrc)
    {
        var buffer = new byte[payload.Length + 64];
        var writer = new RtpPacketWriter(buffer, new Ssrc(ssrc), new PayloadType(payloadType), (ushort)number, timestamp, marker);
        Assert.That(writer.TryAddPayload(payload), Is.True);
        return buffer[..writer.Complete()];
    }

    public static void Add(RtpFrameAssembler assembler, byte[] packet, long number)
    {
        Assert.That(RtpPacketView.TryParse(packet, out var view), Is.True);
        assembler.Add(view, number);
    }

    public static List<RtpAssembledFrame> Take(RtpFrameAssembler assembler)
    {
        var frames = new List<RtpAssembledFrame>();
        while (assembler.TryTakeFrame(out var frame))
        {
            frames.Add(frame!);
        }

        return frames;
    }

    public static RtpFrameAssembler Assembler(string mimeType, RtpFrameAssemblerOptions? options = null)
    {
        var assembler = new RtpFrameAssembler(options ?? new RtpFrameAssemblerOptions());
        Assert.That(assembler.TryAddFormat(new PayloadType(PayloadType), mimeType, mimeType.StartsWith("video", StringComparison.Ordinal) ? 90_000 : 48_000), Is.True);
        return assembler;
    }

    /// <summary>Cuts and joins one frame.</summary>
    public static RtpAssembledFrame Join(string mimeType, IEnumerable<byte[]> payloads)
    {
        var list = payloads.ToList();
        var assembler = Assembler(mimeType);
        for (var i = 0; i < list.Count; i++)
        {
            Add(assembler, Packet(list[i], i, 3000, i == list.Count - 1), i);
        }

        return Take(assembler).Single();
    }
}
