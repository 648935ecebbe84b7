using WebRtcCore.Rtp.HeaderExtensions;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Rtp.Tests;

/// <summary>Packets of other streams sent as this stream's, as echo and SFU do.</summary>
public sealed class RtpForwardingTests
{
    private readonly byte[] _buffer = new byte[1200];
    private SessionPair _pair = null!;
    private RtpSendStream _stream = null!;

    [SetUp]
    public void SetUp()
    {
        _pair = new SessionPair();
        _stream = _pair.AddVideoStream();
    }

    [Test]
    public void Gaps_and_order_of_the_source_stay()
    {
        var first = Forward(7, 65_534);
        Assert.That(Offset(first, Forward(7, 65_535)), Is.EqualTo(1));
        Assert.That(Offset(first, Forward(7, 2)), Is.EqualTo(4));
        Assert.That(Offset(first, Forward(7, 1)), Is.EqualTo(3));
        Assert.That(Offset(first, Forward(7, 3)), Is.EqualTo(5));
        Assert.That(_stream.NextSequenceNumber, Is.EqualTo((ushort)(first.SequenceNumber + 6)));
    }

    [Test]
    public void Another_source_goes_on_without_a_gap_in_number_and_time()
    {
        var first = Forward(7, 100, timestamp: 1_000_000);
        _pair.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = Forward(8, 40_000, timestamp: 5);
        Assert.That(Offset(first, second), Is.EqualTo(1));
        Assert.That(second.Timestamp - first.Timestamp, Is.EqualTo(90_000));
        var third = Forward(8, 40_001, timestamp: 5 + 3000);
        Assert.That(Offset(second, third), Is.EqualTo(1));
        Assert.That(third.Timestamp - second.Timestamp, Is.EqualTo(3000));
    }

    [Test]
    public void Packets_of_the_new_source_from_before_the_change_are_refused()
    {
        Forward(7, 100);
        Forward(8, 40_000);
        Assert.That(TryForward(8, 39_999), Is.False, "its number is that of the last packet of the other source");
        Assert.That(TryForward(8, 40_002), Is.True);
        Assert.That(TryForward(8, 40_001), Is.True, "late, but after the change");

        // Long after, when half of all numbers have gone by, those numbers are new again.
        for (var number = 40_003; number < 40_000 + 70_000; number++)
        {
            Assert.That(TryForward(8, (ushort)number), Is.True, () => $"{number}");
        }
    }

    [Test]
    public void Another_source_at_the_same_time_gets_a_later_timestamp()
    {
        var first = Forward(7, 100, timestamp: 1_000_000);
        var second = Forward(8, 40_000, timestamp: 5);
        Assert.That(second.Timestamp, Is.GreaterThan(first.Timestamp));
    }

    [TestCase(96, 15, TestName = "{m}(VP8, 15 bits)")]
    [TestCase(96, 7, TestName = "{m}(VP8, 7 bits)")]
    [TestCase(98, 15, TestName = "{m}(VP9, 15 bits)")]
    [TestCase(98, 7, TestName = "{m}(VP9, 7 bits)")]
    public void Picture_numbers_go_on_when_the_source_changes_and_keep_the_gaps_of_each(int type, int bits)
    {
        var mask = (1 << bits) - 1;
        _stream = new SessionPair(
            new() { PayloadType = new(96), MimeType = "video/VP8", ClockRate = 90_000 },
            new RtpPayloadFormat { PayloadType = new(98), MimeType = "video/VP9", ClockRate = 90_000 }).AddVideoStream();

        // The first source goes through as it is, over the wrap; a late packet does not set the count back.
        Assert.That(Numbers(7, 1, mask - 1, 254), Is.EqualTo((mask - 1, 254)));
        Assert.That(Numbers(7, 3, 0, 0), Is.EqualTo((0, 0)));
        Assert.That(Numbers(7, 2, mask, 255), Is.EqualTo((mask, 255)));

        Assert.That(Numbers(8, 500, 77, 9), Is.EqualTo((1, 1)), "the next");
        Assert.That(Numbers(8, 501, 77, 9), Is.EqualTo((1, 1)), "of the same picture");
        Assert.That(Numbers(8, 504, 80, 11), Is.EqualTo((4, 3)), "two lost");
        Assert.That(Numbers(7, 900, 50, 60), Is.EqualTo((5, 4)), "back again");

        (int PictureId, int TemporalBase) Numbers(uint ssrc, ushort number, int pictureId, byte temporalBase)
        {
            byte[] id = bits == 15 ? [(byte)(0x80 | (pictureId >> 8)), (byte)pictureId] : [(byte)pictureId];
            byte[] payload = type == 96 ? [0x90, 0xE0, .. id, temporalBase, 0x20, 0xAA, 0xBB] : [0xA8, .. id, 0x00, temporalBase, 0xAA, 0xBB];
            var packet = TestPackets.Rtp(ssrc, 50, number, 0, payload);
            Assert.That(_stream.TryForwardPacket(_buffer, packet, null, new PayloadType((byte)type), _pair.Clock.Now, out var length), Is.True);
            Assert.That(RtpPacketView.TryParse(_buffer.AsSpan(0, length), out var view), Is.True);
            Assert.That(view.Payload[^2..].ToArray(), Is.EqualTo(new byte[] { 0xAA, 0xBB }));
            if (type == 96)
            {
                Assert.That(Vp8PayloadDescriptor.TryParse(view.Payload, out var vp8), Is.True);
                Assert.That((vp8.PictureIdBits, vp8.TemporalId, vp8.IsFrameStart), Is.EqualTo((bits, 0, true)));
                return (vp8.PictureId!.Value, vp8.TemporalBaseIndex!.Value);
            }

            Assert.That(Vp9PayloadDescriptor.TryParse(view.Payload, out var vp9), Is.True);
            Assert.That((vp9.PictureIdBits, vp9.IsPictureStart), Is.EqualTo((bits, true)));
            return (vp9.PictureId!.Value, vp9.TemporalBaseIndex!.Value);
        }
    }

    [Test]
    public void Header_extensions_are_renumbered_and_the_streams_own_are_its_own()
    {
        var source = new RtpHeaderExtensionMap(
        [
            new(7, RtpHeaderExtensionUri.AudioLevel),
            new(8, RtpHeaderExtensionUri.Mid),
            new(9, RtpHeaderExtensionUri.TransportSequenceNumber),
            new(12, "urn:example:unknown-here"),
        ]);
        var packet = TestPackets.Rtp(7, 50, 1, 0, [1, 2, 3], (7, [0x85]), (8, [0x78]), (9, [0xFF, 0xFF]), (12, [1]));
        Assert.That(_stream.TryForwardPacket(_buffer, packet, source, new PayloadType(96), _pair.Clock.Now, out var length), Is.True);
        Assert.That(RtpPacketView.TryParse(_buffer.AsSpan(0, length), out var view), Is.True);
        var ids = new List<byte>();
        foreach (var element in view.Extensions)
        {
            ids.Add(element.Id);
        }

        Assert.That(ids, Is.EquivalentTo(new byte[] { 1, 2, 3, 4 }));
        Assert.That(view.TryGetExtension(1, out var level), Is.True);
        Assert.That(level[0], Is.EqualTo(0x85));
        Assert.That(view.TryGetExtension(4, out var mid), Is.True);
        Assert.That(mid.ToArray(), Is.EqualTo("v"u8.ToArray()));
        Assert.That(view.TryGetExtension(3, out var number), Is.True);
        Assert.That(number.ToArray(), Is.EqualTo(new byte[] { 0, 0 }));
        Assert.That(view.PayloadType, Is.EqualTo(new PayloadType(96)));
        Assert.That(view.Ssrc, Is.EqualTo(_stream.Ssrc));
        Assert.That(view.Payload.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void Forwarded_packets_are_sent_again_when_asked_for()
    {
        _pair.SetReceiver();
        var count = 0;
        _pair.Drop = (fromA, isRtcp, _) => fromA && !isRtcp && ++count % 7 == 3;
        for (ushort i = 0; i < 100; i++)
        {
            var packet = TestPackets.Rtp(7, 50, i, i * 90u);
            Assert.That(_stream.TryForwardPacket(_buffer, packet, null, new PayloadType(96), _pair.Clock.Now, out var length), Is.True);
            _pair.Put(fromA: true, isRtcp: false, _buffer[..length]);
            _pair.Run(TimeSpan.FromMilliseconds(5));
        }

        _pair.Run(TimeSpan.FromSeconds(1));
        Assert.That(_pair.ReceivedByB, Is.Unique.And.Count.InRange(98, 100));
    }

    [Test]
    public void Bytes_that_are_no_packet_are_refused() =>
        Assert.That(_stream.TryForwardPacket(_buffer, new byte[20], null, new PayloadType(96), _pair.Clock.Now, out _), Is.False);

    private bool TryForward(uint ssrc, ushort number) =>
        _stream.TryForwardPacket(_buffer, TestPackets.Rtp(ssrc, 50, number, 0), null, new PayloadType(96), _pair.Clock.Now, out _);

    private static int Offset((ushort SequenceNumber, uint Timestamp) from, (ushort SequenceNumber, uint Timestamp) to) =>
        Primitives.SerialNumber.Distance(to.SequenceNumber, from.SequenceNumber);

    private (ushort SequenceNumber, uint Timestamp) Forward(uint ssrc, ushort number, uint timestamp = 0)
    {
        var packet = TestPackets.Rtp(ssrc, 50, number, timestamp);
        Assert.That(_stream.TryForwardPacket(_buffer, packet, null, new PayloadType(96), _pair.Clock.Now, out var length), Is.True);
        Assert.That(RtpPacketView.TryParse(_buffer.AsSpan(0, length), out var view), Is.True);
        return (view.SequenceNumber, view.TimestampTicks);
    }
}
