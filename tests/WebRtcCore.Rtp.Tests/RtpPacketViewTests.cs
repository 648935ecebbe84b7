using CsCheck;
using WebRtcCore.Testing;

namespace WebRtcCore.Rtp.Tests;

public sealed class RtpPacketViewTests
{
    [Test]
    public void Reads_the_fixed_header()
    {
        var view = Parse("80E0" + "1234" + "DECAFBAD" + "CAFEBABE" + "0102");
        Assert.That(view.Marker, Is.True);
        Assert.That(view.PayloadType, Is.EqualTo(new PayloadType(96)));
        Assert.That(view.SequenceNumber, Is.EqualTo(0x1234));
        Assert.That(view.TimestampTicks, Is.EqualTo(0xDECAFBAD));
        Assert.That(view.Ssrc, Is.EqualTo(new Ssrc(0xCAFEBABE)));
        Assert.That(view.CsrcCount, Is.Zero);
        Assert.That(view.HasExtension, Is.False);
        Assert.That(view.Payload.ToArray(), Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void Reads_contributing_sources_extension_and_padding()
    {
        var view = Parse("B2600001" + "00000000" + "00000001" + "0000000A0000000B" + "BEDE0001" + "10AA2000" + "CC" + "000003");
        Assert.That(view.CsrcCount, Is.EqualTo(2));
        Assert.That(view.GetCsrc(1), Is.EqualTo(new Ssrc(0xB)));
        Assert.That(view.ExtensionProfile, Is.EqualTo(0xBEDE));
        Assert.That(view.TryGetExtension(1, out var value), Is.True);
        Assert.That(value.ToArray(), Is.EqualTo(new byte[] { 0xAA }));
        Assert.That(view.TryGetExtension(3, out _), Is.False);
        Assert.That(view.HeaderLength, Is.EqualTo(28));
        Assert.That(view.PaddingLength, Is.EqualTo(3));
        Assert.That(view.Payload.ToArray(), Is.EqualTo(new byte[] { 0xCC }));
    }

    [TestCase("40600001000000000000000100", TestName = "Another_version_is_refused")]
    [TestCase("8160000100000000000000010000", TestName = "A_contributing_source_beyond_the_packet_is_refused")]
    [TestCase("906000010000000000000001BEDE", TestName = "A_cut_off_extension_header_is_refused")]
    [TestCase("906000010000000000000001BEDE000201020304", TestName = "An_extension_beyond_the_packet_is_refused")]
    [TestCase("A0600001000000000000000100", TestName = "A_padding_of_zero_is_refused")]
    [TestCase("A06000010000000000000001AA03", TestName = "A_padding_larger_than_the_payload_is_refused")]
    [TestCase("A06000010000000000000001", TestName = "A_padding_without_a_payload_is_refused")]
    public void Lying_packets_are_refused(string packet) =>
        Assert.That(RtpPacketView.TryParse(Convert.FromHexString(packet), out _), Is.False);

    [Test]
    public void A_packet_that_only_pads_has_an_empty_payload()
    {
        var view = Parse("A06000010000000000000001" + "000003");
        Assert.That(view.Payload.Length, Is.Zero);
        Assert.That(view.PaddingLength, Is.EqualTo(3));
    }

    [Test]
    public void Extension_elements_end_at_identifier_15_and_at_one_that_does_not_fit()
    {
        Assert.That(Ids("BEDE0002" + "10AA00F0" + "20BB0000"), Is.EqualTo(new[] { 1 }));
        Assert.That(Ids("BEDE0001" + "10AA2F00"), Is.EqualTo(new[] { 1 }));
        Assert.That(Ids("10000002" + "0102AABB" + "10000F05"), Is.EqualTo(new[] { 1, 16 }));
        Assert.That(Ids("10050001" + "01000200"), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(Ids("ABCD0001" + "10AA20BB"), Is.Empty);
    }

    [Test]
    public void Rtcp_is_told_from_rtp_by_its_second_byte()
    {
        Assert.That(RtpPacketView.IsRtcp([0x80, 200]), Is.True);
        Assert.That(RtpPacketView.IsRtcp([0x80, 223]), Is.True);
        Assert.That(RtpPacketView.IsRtcp([0x80, 96]), Is.False);
        Assert.That(RtpPacketView.IsRtcp([0x80, 0x80 | 96]), Is.False);
        Assert.That(RtpPacketView.IsRtcp([0x80]), Is.False);
    }

    [Test]
    public void What_is_written_is_read_again()
    {
        var elements = Gen.Select(Gen.Byte[1, 20].Where(i => i != 15), Gen.Byte.Array[0, 20]).Array[0, 6];
        Gen.Select(Gen.UInt, Gen.UShort, Gen.UInt, Gen.UInt.Array[0, 15], elements, Gen.Byte.Array[0, 100], Gen.Int[0, 255])
            .Sample((ssrc, number, time, csrcs, extensions, payload, padding) =>
            {
                var buffer = new byte[1000];
                var writer = new RtpPacketWriter(buffer, new Ssrc(ssrc), new PayloadType((byte)(number % 128)), number, time, number % 2 == 0);
                var complete = csrcs.All(c => true);
                foreach (var csrc in csrcs)
                {
                    complete &= writer.TryAddCsrc(new Ssrc(csrc));
                }

                foreach (var (id, value) in extensions)
                {
                    complete &= writer.TryAddExtension(id, value);
                }

                complete &= writer.TryAddPayload(payload) && (padding == 0 || writer.TryAddPadding(padding));
                var length = writer.Complete();
                Assert.That(complete, Is.True);
                Assert.That(RtpPacketView.TryParse(buffer.AsSpan(0, length), out var view), Is.True);
                Assert.That(view.Ssrc.Value, Is.EqualTo(ssrc));
                Assert.That(view.SequenceNumber, Is.EqualTo(number));
                Assert.That(view.TimestampTicks, Is.EqualTo(time));
                Assert.That(view.Marker, Is.EqualTo(number % 2 == 0));
                Assert.That(view.CsrcCount, Is.EqualTo(csrcs.Length));
                Assert.That(view.Payload.ToArray(), Is.EqualTo(payload));
                Assert.That(view.PaddingLength, Is.EqualTo(padding));
                var read = new List<(byte, byte[])>();
                foreach (var element in view.Extensions)
                {
                    read.Add((element.Id, element.Value.ToArray()));
                }

                Assert.That(read, Has.Count.EqualTo(extensions.Length));
                for (var i = 0; i < read.Count; i++)
                {
                    Assert.That(read[i].Item1, Is.EqualTo(extensions[i].Item1));
                    Assert.That(read[i].Item2, Is.EqualTo(extensions[i].Item2));
                }
            }, iter: 2000);
    }

    [Test]
    public void No_prefix_and_no_corrupted_byte_makes_reading_throw()
    {
        var buffer = new byte[200];
        var writer = new RtpPacketWriter(buffer, new Ssrc(1), new PayloadType(96), 1, 1);
        writer.TryAddCsrc(new Ssrc(2));
        writer.TryAddExtension(3, [1, 2, 3]);
        writer.TryAddExtension(20, [4]);
        writer.TryAddPayload([1, 2, 3, 4]);
        writer.TryAddPadding(5);
        Mangling.Each(buffer.AsSpan(0, writer.Complete()), static bytes => ReadEverything(bytes));
    }

    [Test]
    public void Parsing_allocates_nothing()
    {
        var packet = Convert.FromHexString("B2600001" + "00000000" + "00000001" + "0000000A0000000B" + "BEDE0001" + "10AA2000" + "CC" + "000003");
        var sum = 0;
        Assert.That(
            Allocations.Measure(() =>
            {
                if (RtpPacketView.TryParse(packet, out var view))
                {
                    foreach (var element in view.Extensions)
                    {
                        sum += element.Id;
                    }
                }
            }),
            Is.Zero);
        Assert.That(sum, Is.Positive);
    }

    internal static void ReadEverything(ReadOnlySpan<byte> bytes)
    {
        if (!RtpPacketView.TryParse(bytes, out var view))
        {
            return;
        }

        var length = view.HeaderLength + view.Payload.Length + view.PaddingLength;
        Assert.That(length, Is.EqualTo(bytes.Length));
        for (var i = 0; i < view.CsrcCount; i++)
        {
            _ = view.GetCsrc(i);
        }

        foreach (var element in view.Extensions)
        {
            _ = element.Value.Length;
        }
    }

    private static RtpPacketView Parse(string hex)
    {
        Assert.That(RtpPacketView.TryParse(Convert.FromHexString(hex), out var view), Is.True);
        return view;
    }

    private static List<int> Ids(string extension)
    {
        var view = Parse("906000010000000000000001" + extension);
        var ids = new List<int>();
        foreach (var element in view.Extensions)
        {
            ids.Add(element.Id);
        }

        return ids;
    }
}
