using CsCheck;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Rtcp;

namespace WebRtcCore.Rtp.Tests.Rtcp;

public sealed class RtcpPacketTests
{
    // security.md row 24.
    [TestCase("80C80001" + "11223344", TestName = "A_sender_report_without_its_fields_is_dropped")]
    [TestCase("82C90007" + "11223344" + "000000000000000000000000000000000000000000000000", TestName = "A_report_that_claims_more_blocks_than_it_has_is_dropped")]
    [TestCase("81CA0002" + "11223344" + "01FF6161", TestName = "A_name_longer_than_its_chunk_is_dropped")]
    [TestCase("81CA0001" + "11223344", TestName = "A_chunk_without_an_end_is_dropped")]
    [TestCase("82CB0001" + "11223344", TestName = "A_goodbye_that_claims_more_streams_than_it_has_is_dropped")]
    [TestCase("81CB0002" + "11223344" + "09627965", TestName = "A_goodbye_whose_reason_overruns_it_is_dropped")]
    [TestCase("80CC0001" + "11223344", TestName = "An_application_packet_without_a_name_is_dropped")]
    [TestCase("81CD0002" + "1122334455667788", TestName = "A_nack_without_entries_is_dropped")]
    [TestCase("84CE0003" + "1122334400000000" + "55667788", TestName = "A_cut_off_full_intra_request_is_dropped")]
    [TestCase("8FCE0004" + "1122334400000000" + "52454D42" + "050BD090", TestName = "A_bitrate_estimate_that_claims_more_streams_than_it_has_is_dropped")]
    [TestCase("8FCD0005" + "1122334455667788" + "0005000700000402" + "20070404", TestName = "Transport_feedback_without_its_deltas_is_dropped")]
    [TestCase("8FCD0005" + "1122334455667788" + "0005FFFF00000402" + "3FFF0000", TestName = "Transport_feedback_with_empty_chunks_is_dropped")]
    [TestCase("80CF0002" + "11223344" + "04000002", TestName = "An_extended_report_whose_block_overruns_it_is_dropped")]
    public void A_lying_packet_is_dropped(string hex)
    {
        Assert.That(RtcpCompound.TryParse(Convert.FromHexString(hex), out var compound), Is.True);
        foreach (var packet in compound)
        {
            Assert.That(RtcpReserializer.Reserialize(packet), Is.Null);
        }
    }

    // security.md row 24.
    [TestCase("", TestName = "An_empty_datagram_is_no_compound")]
    [TestCase("80C9", TestName = "Half_a_header_is_no_compound")]
    [TestCase("80C90002" + "11223344", TestName = "A_length_beyond_the_datagram_is_no_compound")]
    [TestCase("40C90001" + "11223344", TestName = "Another_version_is_no_compound")]
    [TestCase("A0C90001" + "11223300", TestName = "A_padding_of_zero_is_no_compound")]
    [TestCase("A0C90001" + "11223305", TestName = "A_padding_larger_than_the_payload_is_no_compound")]
    [TestCase("80C90001" + "11223344" + "80", TestName = "Left_over_bytes_make_no_compound")]
    public void A_lying_compound_is_dropped(string hex) =>
        Assert.That(RtcpCompound.TryParse(Convert.FromHexString(hex), out _), Is.False);

    [Test]
    public void A_compound_is_walked_packet_by_packet_whatever_its_first_type()
    {
        var datagram = Convert.FromHexString("81CE0002" + "1122334455667788" + "80C90001" + "11223344" + "A1CB0002" + "11223344" + "00000004");
        Assert.That(RtcpCompound.TryParse(datagram, out var compound), Is.True);
        var types = new List<RtcpPacketType>();
        foreach (var packet in compound)
        {
            types.Add(packet.Type);
        }

        Assert.That(types, Is.EqualTo(new[] { RtcpPacketType.PayloadSpecificFeedback, RtcpPacketType.ReceiverReport, RtcpPacketType.Goodbye }));
    }

    [Test]
    public void Nacks_round_trip() => Gen.UShort.Select(Gen.UShort[1, 40].Array[0, 60]).Sample((first, steps) =>
    {
        var numbers = new List<ushort> { first };
        foreach (var step in steps)
        {
            numbers.Add((ushort)(numbers[^1] + step));
        }

        var bytes = new byte[GenericNack.GetEncodedLength(numbers.ToArray())];
        var writer = new SpanWriter(bytes);
        GenericNack.Write(ref writer, new Ssrc(1), new Ssrc(2), numbers.ToArray());
        Assert.That(writer.Remaining, Is.Zero);
        Assert.That(GenericNack.TryParse(First(bytes), out var nack), Is.True);
        var read = new List<ushort>();
        foreach (var number in nack)
        {
            read.Add(number);
        }

        Assert.That(read, Is.EqualTo(numbers));
    });

    [Test]
    public void Transport_feedback_round_trips() =>
        Gen.Frequency((3, Gen.Const((short?)4)), (2, Gen.Const((short?)null)), (1, Gen.Short.Select(s => (short?)s))).Array[1, 300]
            .Select(Gen.Int[1, 60].Array[300]).Sample((values, repeats) =>
            {
                var deltas = values.SelectMany((v, i) => Enumerable.Repeat(v, repeats[i] > 55 ? repeats[i] : 1)).Take(2000).ToArray();
                var bytes = new byte[TransportFeedbackWriter.GetMaxEncodedLength(deltas.Length)];
                var length = TransportFeedbackWriter.Write(bytes, new Ssrc(1), new Ssrc(2), 65_500, -5, 9, deltas);
                Assert.That(TransportFeedback.TryParse(First(bytes.AsSpan(0, length).ToArray()), out var feedback), Is.True);
                Assert.That(feedback.ReferenceTimeTicks, Is.EqualTo(-5));
                var read = new List<short?>();
                ushort next = 65_500;
                foreach (var status in feedback)
                {
                    Assert.That(status.SequenceNumber, Is.EqualTo(next++));
                    read.Add(status.IsReceived ? status.DeltaTicks : null);
                }

                Assert.That(read, Is.EqualTo(deltas));
            }, iter: 1000);

    [TestCase(0, 0)]
    [TestCase(262_143, 262_143)]
    [TestCase(262_144, 262_144)]
    [TestCase(1_234_567_890, 1_234_567_168)]
    [TestCase(long.MaxValue, 0x7FFF_E000_0000_0000)]
    public void Bitrates_keep_18_significant_bits(long bitrate, long expected)
    {
        var bytes = new byte[ReceiverEstimatedMaximumBitrate.GetEncodedLength(1)];
        var writer = new SpanWriter(bytes);
        ReceiverEstimatedMaximumBitrate.Write(ref writer, new Ssrc(1), bitrate, [new Ssrc(2)]);
        Assert.That(ReceiverEstimatedMaximumBitrate.TryParse(First(bytes), out var estimate), Is.True);
        Assert.That(estimate.BitrateBps, Is.EqualTo(expected));
    }

    // security.md row 25.
    [Test]
    public void An_absurd_bitrate_is_clamped()
    {
        var bytes = Convert.FromHexString("8FCE0005" + "1122334400000000" + "52454D42" + "01FFFFFF" + "55667788");
        Assert.That(ReceiverEstimatedMaximumBitrate.TryParse(First(bytes), out var estimate), Is.True);
        Assert.That(estimate.BitrateBps, Is.EqualTo(long.MaxValue));
    }

    [Test]
    public void Ntp_times_convert_both_ways()
    {
        var time = new DateTimeOffset(2026, 11, 23, 5, 0, 0, 250, TimeSpan.Zero);
        var ntp = NtpTimestamp.From(time);
        Assert.That(ntp.ToDateTimeOffset(), Is.EqualTo(time).Within(TimeSpan.FromTicks(1)));
        Assert.That((uint)ntp.Value, Is.EqualTo(0x4000_0000));
        Assert.That((ntp + TimeSpan.FromSeconds(1.5)).Value - ntp.Value, Is.EqualTo(0x1_8000_0000));
        Assert.That(ntp + TimeSpan.FromSeconds(-2), Is.EqualTo(NtpTimestamp.From(time.AddSeconds(-2))));
    }

    private static RtcpPacketView First(byte[] bytes)
    {
        Assert.That(RtcpCompound.TryParse(bytes, out var compound), Is.True);
        var packets = compound.GetEnumerator();
        packets.MoveNext();
        return packets.Current;
    }
}
