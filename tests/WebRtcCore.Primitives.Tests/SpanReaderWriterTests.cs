using CsCheck;
using WebRtcCore.Testing;

namespace WebRtcCore.Primitives.Tests;

public class SpanReaderWriterTests
{
    [Test]
    public void Every_field_written_reads_back() =>
        Gen.Select(Gen.Byte, Gen.UShort, Gen.UInt, Gen.ULong, Gen.Byte.Array[0, 40]).Sample((b, s, i, l, bytes) =>
        {
            var buffer = new byte[64 + bytes.Length];
            var writer = new SpanWriter(buffer);
            writer.WriteByte(b);
            writer.WriteUInt16(s);
            writer.WriteUInt24(i);
            writer.WriteUInt32(i);
            writer.WriteUInt48(l);
            writer.WriteUInt64(l);
            writer.WriteZeros(3);
            writer.WriteByte((byte)bytes.Length);
            writer.WriteBytes(bytes);

            var reader = new SpanReader(writer.Written);
            return reader.TryReadByte(out var b2) && b2 == b
                && reader.TryReadUInt16(out var s2) && s2 == s
                && reader.TryReadUInt24(out var i24) && i24 == (i & 0xFF_FFFF)
                && reader.TryReadUInt32(out var i2) && i2 == i
                && reader.TryReadUInt48(out var l48) && l48 == (l & 0xFFFF_FFFF_FFFF)
                && reader.TryReadUInt64(out var l2) && l2 == l
                && reader.TryReadBytes(3, out var zeros) && zeros.IndexOfAnyExcept((byte)0) < 0
                && reader.TryReadVector8(out var vector) && vector.SequenceEqual(bytes)
                && reader.IsAtEnd && reader.Remaining == 0 && reader.Position == writer.Position;
        });

    [Test]
    public void A_short_read_fails_and_leaves_the_position()
    {
        for (var length = 0; length < 8; length++)
        {
            var bytes = new byte[length];
            var reader = new SpanReader(bytes);
            Assert.That(reader.TryReadUInt64(out var value), Is.False);
            Assert.That(value, Is.Zero);
            Assert.That(reader.Position, Is.Zero);
            Assert.That(reader.TryReadUInt48(out _), Is.EqualTo(length >= 6));
            reader = new SpanReader(bytes);
            Assert.That(reader.TryReadUInt32(out _), Is.EqualTo(length >= 4));
            reader = new SpanReader(bytes);
            Assert.That(reader.TryReadUInt24(out _), Is.EqualTo(length >= 3));
            reader = new SpanReader(bytes);
            Assert.That(reader.TryReadUInt16(out _), Is.EqualTo(length >= 2));
            reader = new SpanReader(bytes);
            Assert.That(reader.TryReadByte(out _), Is.EqualTo(length >= 1));
        }
    }

    [Test]
    public void A_vector_longer_than_the_rest_fails_and_leaves_the_position()
    {
        byte[] bytes = [0, 0, 5, 1, 2, 3, 4];
        var reader = new SpanReader(bytes);
        Assert.That(reader.TryReadVector24(out var vector), Is.False);
        Assert.That(vector.Length, Is.Zero);
        Assert.That(reader.Position, Is.Zero);
        Assert.That(reader.TryReadByte(out _));
        Assert.That(reader.TryReadVector16(out _), Is.False);
        Assert.That(reader.Position, Is.EqualTo(1));
        Assert.That(reader.TryReadByte(out _));
        Assert.That(reader.TryReadVector8(out _), Is.False);
        Assert.That(reader.Position, Is.EqualTo(2));
    }

    [TestCase(-1)]
    [TestCase(5)]
    [TestCase(int.MaxValue)]
    [TestCase(int.MinValue)]
    public void A_length_out_of_range_is_refused(int length)
    {
        byte[] bytes = [1, 2, 3, 4];
        var reader = new SpanReader(bytes);
        Assert.That(reader.TryReadBytes(length, out _), Is.False);
        Assert.That(reader.Remaining, Is.EqualTo(4));
    }

    [Test]
    public void Writing_past_the_end_throws_and_writes_nothing()
    {
        var buffer = new byte[3];
        Assert.That(() => new SpanWriter(buffer).WriteUInt32(1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new SpanWriter(buffer).WriteZeros(4), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(buffer, Is.All.Zero);
    }

    [Test]
    public void Reserved_bytes_are_filled_in_later()
    {
        var buffer = new byte[6];
        var writer = new SpanWriter(buffer);
        var length = writer.Reserve(2);
        writer.WriteUInt32(0x0102_0304);
        length[1] = 4;
        Assert.That(buffer, Is.EqualTo(new byte[] { 0, 4, 1, 2, 3, 4 }));
        Assert.That(writer.Remaining, Is.Zero);
    }

    [Test]
    public void Reading_allocates_nothing()
    {
        var bytes = new byte[64];
        var perRead = Allocations.Measure(() =>
        {
            var reader = new SpanReader(bytes);
            while (reader.TryReadUInt32(out _))
            {
            }
        });
        Assert.That(perRead, Is.Zero);
    }
}
