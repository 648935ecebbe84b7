using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Testing;

namespace WebRtcCore.Fuzz.Cores;

/// <summary>An RTP session that sends and receives, fed with packets that have passed SRTP.</summary>
internal sealed class RtpSessionTarget : FuzzTarget
{
    private static readonly RtpPayloadFormat Vp8 = new() { PayloadType = new PayloadType(96), MimeType = "video/VP8", ClockRate = 90_000, Feedback = Enum.GetValues<RtcpFeedbackKinds>().Aggregate((a, b) => a | b) };
    private static readonly RtpPayloadFormat Rtx = new() { PayloadType = new PayloadType(97), ClockRate = 90_000, AssociatedPayloadType = new PayloadType(96) };

    public override string Name => "rtp-session";

    // Blocks of: kind, length, bytes.
    public override IEnumerable<byte[]> Seeds()
    {
        var packets = SeedFiles.Datagrams("corpus/rtp", "plain-av-vp8*.pcap", static payload => payload.Length is > 12 and < 250, perFile: 20).ToArray();
        yield return [.. packets.SelectMany(static packet => (byte[])[1, (byte)packet.Length, .. packet])];
        foreach (var vector in SeedFiles.Hex("vectors", "rtcp_*.json").Where(static bytes => bytes.Length < 250))
        {
            yield return [3, 0, 3, 0, 1, (byte)vector.Length, .. vector, 2, 5];
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var session = new RtpSession(new RtpSessionOptions { Cname = "fuzz", MaxReceiveStreams = 32 }, new SeededRandomSource(1));
        session.SetReceivers([new RtpReceiverOptions { Mid = "0", PayloadTypes = [Vp8, Rtx] }]);
        var stream = session.AddSendStream(new RtpSendStreamOptions { Ssrc = new Ssrc(0x1122_3344), RetransmissionSsrc = new Ssrc(0x5566_7788), Mid = "0", PayloadTypes = [Vp8, Rtx] });
        var now = VirtualClock.Start;
        var script = new Script(input);
        var buffer = new byte[1500];
        for (var steps = 0; steps < 400 && !script.IsAtEnd; steps++)
        {
            switch (script.NextByte() & 3)
            {
                case 0 or 1:
                    var packet = script.NextBytes(script.NextByte()).ToArray();
                    if (RtpPacketView.IsRtcp(packet))
                    {
                        session.HandleRtcp(packet, now);
                    }
                    else if (session.HandleRtp(packet, now, out var received))
                    {
                        Require(received.Offset >= 0 && received.Offset + received.Length <= packet.Length, "A received packet lies within its datagram.");
                        session.AddToFrame(received, now);
                        stream.TryForwardPacket(buffer, received.Packet.Packet, session.HeaderExtensions, new PayloadType(96), now, out _);
                    }

                    break;
                case 2:
                    now = Advance(session, now, TimeSpan.FromMilliseconds(script.NextByte() * 20));
                    break;
                default:
                    stream.TryWritePacket(buffer, new byte[script.NextByte()], new PayloadType(96), (uint)steps * 3000, true, now, out _);
                    break;
            }

            Poll(session, buffer);
        }

        Require(session.ReceiveStreams.Count <= 32, "Streams are capped.");
        Advance(session, now, TimeSpan.FromSeconds(30));
        session.Close(now);
        Poll(session, buffer);
    }

    private static Instant Advance(RtpSession session, Instant now, TimeSpan duration)
    {
        var end = now + duration;
        for (var count = 0; session.NextTimeout is { } next && next <= end; count++)
        {
            Require(count < 20_000, "Timeouts make progress.");
            session.HandleTimeout(Instant.Max(now, next));
            Poll(session, new byte[1500]);
        }

        return end;
    }

    private static void Poll(RtpSession session, byte[] buffer)
    {
        for (var count = 0; session.TryPollTransmit(buffer, out var transmit); count++)
        {
            Require(transmit.Length > 0 && transmit.Length <= buffer.Length && count < 20_000, "What is sent is bounded.");
        }

        while (session.TryPollFrame(out _, out var frame))
        {
            Require(frame.Data.Length > 0, "A frame has bytes.");
        }

        while (session.TryPollEvent(out _))
        {
        }
    }
}
