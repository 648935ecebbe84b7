using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Payloads;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests;

public sealed class RtpSessionAllocationTests
{
    [Test]
    public void Sending_and_receiving_packets_allocates_nothing()
    {
        var pair = new SessionPair();
        pair.SetReceiver();
        var stream = pair.AddVideoStream();
        var buffer = new byte[1200];
        var poll = new byte[1200];
        var payload = new byte[1000];
        var now = pair.Clock.Now;
        uint timestamp = 0;
        var received = 0L;
        var allocated = Allocations.Measure(
            () =>
            {
                now += TimeSpan.FromMilliseconds(1);
                stream.TryWritePacket(buffer, payload, new PayloadType(96), timestamp += 90, false, now, out var length);
                received += pair.B.HandleRtp(buffer.AsSpan(0, length), now, out _) ? 1 : 0;
                Exchange(pair.B, pair.A, poll, now);
                Exchange(pair.A, pair.B, poll, now);
            },
            iterations: 5000);
        Assert.That(allocated, Is.Zero);
        Assert.That(received, Is.EqualTo(20_000));
    }

    [Test]
    public void Forwarding_packets_allocates_nothing()
    {
        var pair = new SessionPair();
        var source = pair.AddVideoStream(0x100);
        var target = pair.AddVideoStream(0x200);
        var packet = new byte[1200];
        var buffer = new byte[1200];
        var payload = new byte[1000];
        var now = pair.Clock.Now;
        var allocated = Allocations.Measure(() =>
        {
            now += TimeSpan.FromMilliseconds(1);
            source.TryWritePacket(packet, payload, new PayloadType(96), 0, false, now, out var length);
            target.TryForwardPacket(buffer, packet.AsSpan(0, length), pair.A.HeaderExtensions, new PayloadType(96), now, out length);
        });
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Changing_between_forwarded_sources_and_numbering_their_pictures_allocates_nothing()
    {
        var pair = new SessionPair();
        RtpSendStream[] sources = [pair.AddVideoStream(0x100), pair.AddVideoStream(0x200), pair.AddVideoStream(0x300)];
        var target = pair.AddVideoStream(0x400);
        var packet = new byte[1200];
        var buffer = new byte[1200];

        // A key frame's first packet, with picture number and TL0PICIDX (RFC 7741 4.2).
        byte[] payload = [0x90, 0xC0, 0x80, 0x05, 0x07, .. new byte[1000]];
        var now = pair.Clock.Now;
        var count = 0;
        var keyFrames = 0;
        var allocated = Allocations.Measure(() =>
        {
            now += TimeSpan.FromMilliseconds(1);
            sources[count++ / 10 % sources.Length].TryWritePacket(packet, payload, new PayloadType(96), (uint)count * 90, false, now, out var length);
            keyFrames += RtpPayloadFormats.StartsKeyFrame("video/VP8", payload) ? 1 : 0;
            target.TryForwardPacket(buffer, packet.AsSpan(0, length), pair.A.HeaderExtensions, new PayloadType(96), now, out length);
        });
        Assert.That(allocated, Is.Zero);
        Assert.That(keyFrames, Is.EqualTo(count));
    }

    private static void Exchange(RtpSession from, RtpSession to, byte[] buffer, Instant now)
    {
        from.HandleTimeout(now);
        while (from.TryPollTransmit(buffer, out var transmit))
        {
            if (transmit.IsRtcp)
            {
                to.HandleRtcp(buffer.AsSpan(0, transmit.Length), now);
            }
        }

        while (from.TryPollEvent(out _))
        {
        }
    }
}
