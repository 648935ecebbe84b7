namespace WebRtcCore.Rtp.Tests;

internal static class TestPackets
{
    public static byte[] Rtp(
        uint ssrc, byte payloadType, ushort sequenceNumber, uint timestamp = 0, byte[]? payload = null, params (byte Id, byte[] Value)[] extensions)
    {
        var buffer = new byte[1500];
        var writer = new RtpPacketWriter(buffer, new Ssrc(ssrc), new PayloadType(payloadType), sequenceNumber, timestamp);
        foreach (var (id, value) in extensions)
        {
            Assert.That(writer.TryAddExtension(id, value), Is.True);
        }

        Assert.That(writer.TryAddPayload(payload ?? [1, 2, 3, 4]), Is.True);
        return buffer[..writer.Complete()];
    }
}
