using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Tests.Payloads;

public sealed class H265Tests
{
    private const string MimeType = "video/H265";
    private static readonly byte[] ParameterSets = [0, 0, 0, 1, 0x40, 0x01, 0x0C, 0x01, 0, 0, 0, 1, 0x42, 0x01, 0x01, 0x60, 0, 0, 0, 1, 0x44, 0x01, 0xC1, 0x72];

    [TestCase(64)]
    [TestCase(100)]
    [TestCase(1200)]
    public void Access_units_survive_and_tell_whether_decoding_can_begin(int maxPayloadSize)
    {
        foreach (var (type, isKey) in new[] { (19, true), (20, true), (21, true), (1, false), (0, false) })
        {
            foreach (var length in new[] { 3, 50, 97, 98, 99, 1000, 5000 })
            {
                byte[] frame = [.. isKey ? ParameterSets : [], 0, 0, 0, 1, (byte)(type << 1), 0x01, 0x80, .. Enumerable.Repeat((byte)0x55, length)];
                var (joined, key) = RoundTrip(frame, maxPayloadSize);
                Assert.That(joined, Is.EqualTo(frame));
                Assert.That(key, Is.EqualTo(isKey));
            }
        }
    }

    [Test]
    public void Parameter_sets_travel_together_and_large_units_in_fragments()
    {
        byte[] frame = [.. ParameterSets, 0, 0, 0, 1, 0x26, 0x01, 0x80, .. Enumerable.Repeat((byte)7, 300)];
        var payloads = Cut(frame, 128);
        Assert.That(payloads.Select(p => (p[0] >> 1) & 0x3F), Is.EqualTo(new[] { 48, 49, 49, 49 }));
        Assert.That(payloads.Skip(1).Select(p => p[2]), Is.EqualTo(new byte[] { 0x80 | 19, 19, 0x40 | 19 }));
        var depacketizer = RtpPayloadFormats.CreateDepacketizer(MimeType);
        Assert.That(payloads.Select(p => depacketizer.IsFrameStart(p)), Is.EqualTo(new[] { true, false, false, false }));
    }

    [TestCase("")]
    [TestCase("2601")]
    [TestCase("620113", TestName = "A_fragment_without_content")]
    [TestCase("62011355", TestName = "A_fragment_before_the_first")]
    [TestCase("60010005400102", TestName = "An_aggregation_longer_than_the_payload")]
    [TestCase("6001", TestName = "An_empty_aggregation")]
    [TestCase("60010003600101", TestName = "An_aggregation_in_an_aggregation")]
    [TestCase("64010155", TestName = "A_structure_that_nobody_negotiates")]
    public void Refuses(string payload)
    {
        var depacketizer = RtpPayloadFormats.CreateDepacketizer(MimeType);
        depacketizer.Begin();
        Assert.That(depacketizer.TryAppend(Convert.FromHexString(payload), new System.Buffers.ArrayBufferWriter<byte>()), Is.False);
    }

    private static List<byte[]> Cut(byte[] frame, int maxPayloadSize)
    {
        var packetizer = RtpPayloadFormats.CreatePacketizer(MimeType);
        Assert.That(packetizer.TryBegin(frame, maxPayloadSize), Is.True);
        var payloads = new List<byte[]>();
        var buffer = new byte[maxPayloadSize];
        while (packetizer.TryWriteNext(buffer, out var length, out _))
        {
            payloads.Add(buffer[..length]);
        }

        return payloads;
    }

    private static (byte[] Frame, bool IsKey) RoundTrip(byte[] frame, int maxPayloadSize)
    {
        var depacketizer = RtpPayloadFormats.CreateDepacketizer(MimeType);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        depacketizer.Begin();
        foreach (var payload in Cut(frame, maxPayloadSize))
        {
            Assert.That(depacketizer.TryAppend(payload, output), Is.True);
        }

        Assert.That(depacketizer.TryComplete(out var isKey), Is.True);
        return (output.WrittenSpan.ToArray(), isKey);
    }
}
