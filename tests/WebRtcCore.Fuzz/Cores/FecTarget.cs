using WebRtcCore.Rtp;
using WebRtcCore.Testing;

namespace WebRtcCore.Fuzz.Cores;

/// <summary>Redundancy: RED, ULPFEC and FlexFEC of a peer that has passed SRTP. An input is packets, each behind a byte with its length.</summary>
internal sealed class FecTarget : FuzzTarget
{
    private static readonly RtpPayloadFormat[] Formats =
    [
        new() { PayloadType = new PayloadType(96), MimeType = "video/VP8", ClockRate = 90_000, Feedback = RtcpFeedbackKinds.Nack },
        new() { PayloadType = new PayloadType(97), MimeType = "video/rtx", ClockRate = 90_000, AssociatedPayloadType = new PayloadType(96) },
        new() { PayloadType = new PayloadType(116), MimeType = "video/red", ClockRate = 90_000 },
        new() { PayloadType = new PayloadType(117), MimeType = "video/rtx", ClockRate = 90_000, AssociatedPayloadType = new PayloadType(116) },
        new() { PayloadType = new PayloadType(118), MimeType = "video/ulpfec", ClockRate = 90_000 },
        new() { PayloadType = new PayloadType(35), MimeType = "video/flexfec-03", ClockRate = 90_000 },
    ];

    public override string Name => "fec";

    public override IEnumerable<byte[]> Seeds()
    {
        // Two packets in RED, the first of them lost, and their parity; then the same as FlexFEC.
        byte[] media = [0x80, 116, 0, 10, 0, 0, 0, 1, 0, 0, 0, 9, 96, 0x10, 1, 2, 3];
        byte[] parity = [0x80, 116, 0, 12, 0, 0, 0, 1, 0, 0, 0, 9, 118, 0x00, 0x60, 0, 10, 0, 0, 0, 1, 0, 4, 0, 4, 0xC0, 0, 0x10, 1, 2, 3];
        byte[] flex = [0x80, 35, 0, 1, 0, 0, 0, 1, 0, 0, 0, 8, 0x00, 0x60, 0, 4, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 9, 0, 10, 0xE0, 0, 0x10, 1, 2, 3];
        byte[] older = [0x80, 116, 0, 13, 0, 0, 0, 9, 0, 0, 0, 9, 0xE0, 0x00, 0x0C, 3, 96, 1, 2, 3, 4, 5, 6];
        foreach (var packets in new byte[][][] { [media, parity], [media, flex], [media, older], [media, parity, flex, older] })
        {
            yield return [.. packets.SelectMany(packet => (byte[])[(byte)packet.Length, .. packet])];
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var session = new RtpSession(new RtpSessionOptions { Cname = "fuzz", MaxReceiveStreams = 8 }, new SeededRandomSource(1));
        session.SetReceivers([new RtpReceiverOptions { Mid = "0", PayloadTypes = Formats }]);
        var now = VirtualClock.Start;
        var script = new Script(input);
        var buffer = new byte[1500];
        for (var steps = 0; steps < 400 && !script.IsAtEnd; steps++)
        {
            var packet = script.NextBytes(script.NextByte()).ToArray();
            if (session.HandleRtp(packet, now, out var received))
            {
                Require(received.Offset >= 0 && received.Offset + received.Length <= packet.Length, "A received packet lies within its datagram.");
                session.AddToFrame(received, now);
            }

            for (var count = 0; session.TryPollRecovered(buffer, out var recovered); count++)
            {
                Require(count < 1000 && RtpPacketView.TryParse(recovered.Packet.Packet, out _), "What is recovered is bounded and an RTP packet.");
                session.AddToFrame(recovered, now);
            }

            while (session.TryPollFrame(out _, out _))
            {
            }

            now += TimeSpan.FromMilliseconds(5);
            if (session.NextTimeout <= now)
            {
                session.HandleTimeout(now);
            }

            while (session.TryPollTransmit(buffer, out _))
            {
            }
        }
    }
}
