using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Fec;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests.Fec;

public sealed class RedPayloadTests
{
    [Test]
    public void Blocks_round_trip()
    {
        var payload = new byte[100];
        var writer = new SpanWriter(payload);
        RedPayload.WriteOlderHeader(ref writer, new PayloadType(111), RedPayload.MaxTimestampOffset, 3);
        RedPayload.WriteOlderHeader(ref writer, new PayloadType(111), 960, 0);
        RedPayload.WritePrimaryHeader(ref writer, new PayloadType(110));
        writer.WriteBytes([1, 2, 3, 9, 8, 7, 6]);
        Assert.That(RedPayload.TryParse(writer.Written, out var red), Is.True);
        Assert.That((red.OlderCount, red.PrimaryType), Is.EqualTo((2, new PayloadType(110))));
        Assert.That(red.GetOlder(0, out var type, out var offset).ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That((type, offset), Is.EqualTo((new PayloadType(111), 0x3FFFu)));
        Assert.That(red.GetOlder(1, out _, out offset).Length, Is.Zero);
        Assert.That(offset, Is.EqualTo(960));
        Assert.That(red.Primary.ToArray(), Is.EqualTo(new byte[] { 9, 8, 7, 6 }));
    }

    [TestCase("", TestName = "Refuses_nothing")]
    [TestCase("EF", TestName = "Refuses_a_header_that_is_cut")]
    [TestCase("EF000001", TestName = "Refuses_a_missing_primary_header")]
    [TestCase("EF0003FF6F00", TestName = "Refuses_a_block_longer_than_the_payload")]
    [TestCase("EF000000EF000000EF000000EF000000EF000000EF000000EF000000EF000000EF0000006F", TestName = "Refuses_more_blocks_than_anybody_sends")]
    public void Refuses(string payload) => Assert.That(RedPayload.TryParse(Convert.FromHexString(payload), out _), Is.False);

    [Test]
    public void Every_packet_of_a_browser_parses_and_its_older_blocks_are_the_packets_before()
    {
        var before = new Dictionary<ushort, byte[]>();
        var redundant = 0;
        foreach (var datagram in PcapReader.Read(TestData.Path("corpus/rtp/plain-audio-opus-red.pcap")))
        {
            if (datagram.Payload.Length < 12 || RtpPacketView.IsRtcp(datagram.Payload) || !RtpPacketView.TryParse(datagram.Payload, out var packet) || packet.PayloadType.Value != 63
                || packet.Payload.IsEmpty)
            {
                continue;
            }

            Assert.That(RedPayload.TryParse(packet.Payload, out var red), Is.True);
            before[packet.SequenceNumber] = red.Primary.ToArray();
            for (var i = 0; i < red.OlderCount; i++)
            {
                var older = red.GetOlder(i, out _, out _).ToArray();
                if (older.Length > 0 && before.TryGetValue((ushort)(packet.SequenceNumber - (red.OlderCount - i)), out var original))
                {
                    Assert.That(older, Is.EqualTo(original));
                    redundant++;
                }
            }
        }

        Assert.That(redundant, Is.GreaterThan(100));
    }
}
