using System.Text.Json;
using WebRtcCore.Rtp.Rtcp;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests.Rtcp;

public sealed class RtcpVectorTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(TestData.ReadBytes("vectors/rtcp_examples.json")).RootElement;

    public static IEnumerable<TestCaseData> All() =>
        Vectors.GetProperty("vectors").EnumerateArray().Select(v => new TestCaseData(v.GetProperty("name").GetString(), Bytes(v)).SetArgDisplayNames(v.GetProperty("name").GetString()!));

    [TestCaseSource(nameof(All))]
    public void Every_vector_parses_and_is_written_the_same(string name, byte[] bytes)
    {
        var written = RtcpReserializer.Reserialize(First(bytes));
        if (name.StartsWith("TWCC", StringComparison.Ordinal))
        {
            // The vector pads without the padding bit; what is written sets it. The content is the same.
            bytes[0] |= 0x20;
            bytes[^1] = 3;
        }

        Assert.That(written, Is.EqualTo(bytes));
    }

    [TestCaseSource(nameof(All))]
    public void No_prefix_and_no_corrupted_byte_makes_reading_throw(string name, byte[] bytes) => Mangling.Each(bytes, static mangled =>
    {
        if (RtcpCompound.TryParse(mangled, out var compound))
        {
            foreach (var packet in compound)
            {
                RtcpReserializer.Reserialize(packet);
            }
        }
    });

    [Test]
    public void A_sender_report_has_the_fields_of_the_vector()
    {
        Assert.That(SenderReport.TryParse(Vector("SR+1RB"), out var report), Is.True);
        Assert.That(report.SenderSsrc, Is.EqualTo(new Ssrc(0x11223344)));
        Assert.That(report.Ntp, Is.EqualTo(new NtpTimestamp(0xE1E2E3E4A1A2A3A4)));
        Assert.That(report.RtpTimestampTicks, Is.EqualTo(123_456));
        Assert.That(report.PacketCount, Is.EqualTo(100));
        Assert.That(report.OctetCount, Is.EqualTo(16_000));
        Assert.That(report.ReportBlocks.Count, Is.EqualTo(1));
        Assert.That(report.ReportBlocks[0], Is.EqualTo(new ReportBlock(new Ssrc(0x55667788), 64, -2, 0x1FFFF, 33, 0xE3E4A1A2, 65_536)));
    }

    [Test]
    public void A_source_description_has_its_name()
    {
        Assert.That(SourceDescription.TryParse(Vector("SDES CNAME"), out var description), Is.True);
        var items = description.GetEnumerator();
        Assert.That(items.MoveNext(), Is.True);
        Assert.That(items.Current.Type, Is.EqualTo(SourceDescriptionItemType.Cname));
        Assert.That(System.Text.Encoding.UTF8.GetString(items.Current.Value), Is.EqualTo("alice"));
        Assert.That(items.MoveNext(), Is.False);
    }

    [TestCase("NACK pid 100 blp 0x8001", new ushort[] { 100, 101, 116 })]
    [TestCase("NACK wrap pid 65535", new ushort[] { 65_535, 0, 1 })]
    public void A_nack_lists_the_missing_packets(string name, ushort[] expected)
    {
        Assert.That(GenericNack.TryParse(Vector(name), out var nack), Is.True);
        var numbers = new List<ushort>();
        foreach (var number in nack)
        {
            numbers.Add(number);
        }

        Assert.That(numbers, Is.EqualTo(expected));
    }

    [Test]
    public void Feedback_has_the_fields_of_the_vectors()
    {
        Assert.That(PictureLossIndication.TryParse(Vector("PLI"), out var loss), Is.True);
        Assert.That(loss, Is.EqualTo(new PictureLossIndication(new Ssrc(0x11223344), new Ssrc(0x55667788))));
        Assert.That(FullIntraRequest.TryParse(Vector("FIR seq 7"), out var request), Is.True);
        Assert.That(request[0], Is.EqualTo(new FullIntraRequestEntry(new Ssrc(0x55667788), 7)));
        Assert.That(ReceiverEstimatedMaximumBitrate.TryParse(Vector("REMB 1 Mbps"), out var estimate), Is.True);
        Assert.That(estimate.BitrateBps, Is.EqualTo(1_000_000));
        Assert.That(estimate[0], Is.EqualTo(new Ssrc(0x55667788)));
        Assert.That(Goodbye.TryParse(Vector("BYE reason"), out var goodbye), Is.True);
        Assert.That(System.Text.Encoding.UTF8.GetString(goodbye.Reason), Is.EqualTo("bye"));
    }

    [Test]
    public void Transport_feedback_has_the_arrivals_of_the_vector()
    {
        Assert.That(TransportFeedback.TryParse(Vector("TWCC base 5 count 7 ref 4 fb 2; run-length"), out var feedback), Is.True);
        Assert.That(feedback.BaseSequenceNumber, Is.EqualTo(5));
        Assert.That(feedback.StatusCount, Is.EqualTo(7));
        Assert.That(feedback.ReferenceTimeTicks, Is.EqualTo(4));
        Assert.That(feedback.FeedbackCount, Is.EqualTo(2));
        ushort next = 5;
        foreach (var status in feedback)
        {
            Assert.That(status, Is.EqualTo(new TransportFeedbackStatus(next++, true, 4)));
        }

        Assert.That(next, Is.EqualTo(12));
    }

    private static RtcpPacketView Vector(string name) =>
        First(Bytes(Vectors.GetProperty("vectors").EnumerateArray().Single(v => v.GetProperty("name").GetString() == name)));

    private static byte[] Bytes(JsonElement vector) => Convert.FromHexString(vector.GetProperty("hex").GetString()!);

    private static RtcpPacketView First(byte[] bytes)
    {
        Assert.That(RtcpCompound.TryParse(bytes, out var compound), Is.True);
        var packets = compound.GetEnumerator();
        Assert.That(packets.MoveNext(), Is.True);
        return packets.Current;
    }
}
