using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Payloads;
using WebRtcCore.Rtp.Send;

namespace WebRtcCore.Fuzz.Parsers;

/// <summary>
/// The payload formats: a stream of packets into the frame assembler, and what comes out, or the input itself, through the packetizer and back. An input is a byte
/// that chooses the format, then packets: flags (2 bits of sequence step, marker, new timestamp), a length, that many bytes.
/// </summary>
internal sealed class PayloadTarget : FuzzTarget
{
    private const byte PayloadType = 96;
    private const int MaxPayloadSize = 100;
    private static readonly string[] MimeTypes = ["video/VP8", "video/VP9", "video/H264", "video/AV1", "audio/opus"];
    private static readonly RtpFrameAssemblerOptions Options = new() { MaxPackets = 64, MaxBytes = 2000 };

    public override string Name => "payload";

    public override IEnumerable<byte[]> Seeds() => MimeTypes.SelectMany((mimeType, index) => Frames(mimeType).Select(frame => ToInput(index, mimeType, frame)));

    public override bool CanReachItsGoal() => Seeds().All(seed => Assemble(seed) == 1);

    public override void Run(ReadOnlySpan<byte> input) => Assemble(input);

    // What a forwarder does with a packet: numbers change, and nothing else.
    private static void RequireForwardable(string mimeType, ReadOnlySpan<byte> payload, PictureNumbering numbering, bool isNewSource)
    {
        var rewritten = payload.ToArray();
        numbering.Rewrite(rewritten, mimeType, isNewSource);
        Require(
            RtpPayloadFormats.StartsKeyFrame(mimeType, payload) == RtpPayloadFormats.StartsKeyFrame(mimeType, rewritten), "A key frame stays one.");
        if (mimeType == "video/VP8")
        {
            var isParsed = Vp8PayloadDescriptor.TryParse(payload, out var before);
            Require(isParsed == Vp8PayloadDescriptor.TryParse(rewritten, out var after) && before.Length == after.Length, "A descriptor stays as long as it was.");
        }
    }

    private static int Assemble(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return 0;
        }

        var mimeType = MimeTypes[input[0] % MimeTypes.Length];
        RequireRoundTrip(mimeType, input[1..].ToArray());
        var assembler = new RtpFrameAssembler(Options);
        assembler.TryAddFormat(new PayloadType(PayloadType), mimeType, 90_000);
        var frames = 0;
        var numbering = new PictureNumbering();
        long number = 0;
        uint timestamp = 0;
        var buffer = new byte[RtpPacketView.FixedHeaderLength + byte.MaxValue];
        for (var rest = input[1..]; rest.Length >= 2;)
        {
            var flags = rest[0];
            var payload = rest[2..Math.Min(2 + rest[1], rest.Length)];
            rest = rest[(2 + payload.Length)..];
            RequireForwardable(mimeType, payload, numbering, isNewSource: (flags & 0x20) != 0);
            number += 1 + (flags & 0x03) - ((flags & 0x10) >> 3);
            timestamp += (flags & 0x08) != 0 ? 30_000u : 0;
            var writer = new RtpPacketWriter(buffer, new Ssrc(1), new PayloadType(PayloadType), (ushort)number, timestamp, (flags & 0x04) != 0);
            writer.TryAddPayload(payload);
            RtpPacketView.TryParse(buffer.AsSpan(0, writer.Complete()), out var packet);
            assembler.Add(packet, number);
            while (assembler.TryTakeFrame(out var frame))
            {
                frames++;
                Require(frame!.Data.Length <= 4 * (Options.MaxBytes + byte.MaxValue), "A frame is about as large as its packets.");
            }

            Require(assembler.BufferedBytes <= Options.MaxBytes, "What waits is bounded.");
        }

        return frames;
    }

    // What a packetizer takes, the depacketizer accepts.
    private static void RequireRoundTrip(string mimeType, byte[] frame)
    {
        var packetizer = RtpPayloadFormats.CreatePacketizer(mimeType, "packetization-mode=1");
        if (!packetizer.TryBegin(frame, MaxPayloadSize))
        {
            return;
        }

        Require(RtpPayloadFormats.IsFrame(mimeType, frame), "What can be cut is a frame.");
        var depacketizer = RtpPayloadFormats.CreateDepacketizer(mimeType);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var isWhole = true;
        var payload = new byte[MaxPayloadSize];
        depacketizer.Begin();
        while (packetizer.TryWriteNext(payload, out var length, out _))
        {
            Require(length is > 0 and <= MaxPayloadSize, "Payloads fit.");
            isWhole &= depacketizer.TryAppend(payload.AsSpan(0, length), output);
        }

        // H.264 units with types of the payload structures are garbage that only a broken encoder makes.
        if (mimeType != "video/H264")
        {
            Require(isWhole && depacketizer.TryComplete(out _), "What was cut can be joined.");
        }
    }

    private static byte[] ToInput(int index, string mimeType, byte[] frame)
    {
        var packetizer = RtpPayloadFormats.CreatePacketizer(mimeType, "packetization-mode=1");
        packetizer.TryBegin(frame, MaxPayloadSize);
        var input = new List<byte> { (byte)index };
        var payload = new byte[MaxPayloadSize];
        while (packetizer.TryWriteNext(payload, out var length, out var isLast))
        {
            input.Add((byte)(isLast ? 0x04 : 0x00));
            input.Add((byte)length);
            input.AddRange(payload.AsSpan(0, length));
        }

        return [.. input];
    }

    private static IEnumerable<byte[]> Frames(string mimeType)
    {
        var content = Enumerable.Repeat((byte)0x81, 250).ToArray();
        return mimeType switch
        {
            "video/H264" => [[0, 0, 0, 1, 0x67, 0x42, 0xC0, 0, 0, 0, 1, 0x68, 0xCE, 0, 0, 0, 1, 0x65, .. content]],
            "video/AV1" => [[0x12, 0, 0x0A, 2, 1, 1, 0x32, 0xFA, 0x01, .. content]],
            "audio/opus" => [content[..60]],
            _ => [content, content[..10]],
        };
    }
}
