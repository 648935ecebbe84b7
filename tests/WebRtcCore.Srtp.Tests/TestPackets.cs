using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Srtp.Tests;

internal static class TestPackets
{
    public static byte[] Rtp(ushort sequenceNumber, uint ssrc = 0x1111_2222, int payloadLength = 100)
    {
        var packet = new byte[24 + payloadLength];
        var writer = new RtpPacketWriter(packet, new Ssrc(ssrc), new PayloadType(96), sequenceNumber, 90_000, marker: true);
        writer.TryAddExtension(4, "0"u8);
        writer.TryAddPayload(Enumerable.Range(0, payloadLength).Select(i => (byte)i).ToArray());
        return packet[..writer.Complete()];
    }

    public static byte[] Rtcp(uint ssrc = 0x1111_2222)
    {
        var packet = new byte[100];
        var writer = new SpanWriter(packet);
        new ReceiverReport { SenderSsrc = new Ssrc(ssrc) }.Write(ref writer, [new ReportBlock(new Ssrc(1), 2, 3, 4, 5, 6, 7)]);
        SourceDescription.Write(ref writer, new Ssrc(ssrc), SourceDescriptionItemType.Cname, "name"u8);
        return packet[..writer.Position];
    }
}
