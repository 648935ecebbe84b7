using CsCheck;
using WebRtcCore.Dtls.Records;

namespace WebRtcCore.Dtls.Tests.Records;

public class RecordHeaderTests
{
    private static readonly byte[] Example = [22, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 1, 2, 0, 3, 7, 8, 9];

    [Test]
    public void Reads_the_fields()
    {
        Assert.That(RecordHeader.TryParse(Example, out var header), Is.True);
        Assert.That(header, Is.EqualTo(new RecordHeader(ContentType.Handshake, RecordHeader.Dtls12, 1, 0x102, 3)));
        Assert.That(header.FullSequenceNumber, Is.EqualTo(0x0001_0000_0000_0102UL));
    }

    [Test]
    public void Truncation_never_throws_and_never_parses()
    {
        for (var length = 0; length < Example.Length; length++)
        {
            Assert.That(RecordHeader.TryParse(Example.AsSpan(0, length), out _), Is.False, $"{length} bytes");
        }
    }

    [Test]
    public void Rejects_unknown_types_and_versions([Values((byte)0, (byte)19, (byte)24, (byte)0x2E)] byte type)
    {
        var bytes = Example.ToArray();
        bytes[0] = type;
        Assert.That(RecordHeader.TryParse(bytes, out _), Is.False);
        bytes[0] = 23;
        bytes[2] = 0xFC;
        Assert.That(RecordHeader.TryParse(bytes, out _), Is.False);
    }

    [Test]
    public void What_is_written_is_read() =>
        Gen.Select(Gen.Int[20, 23], Gen.Bool, Gen.UShort, Gen.ULong[0, RecordHeader.MaxSequenceNumber], Gen.Int[0, 3000]).Sample((type, old, epoch, sequence, length) =>
        {
            var header = new RecordHeader((ContentType)type, old ? RecordHeader.Dtls10 : RecordHeader.Dtls12, epoch, sequence, length);
            var bytes = new byte[RecordHeader.Length + length];
            header.Write(bytes);
            return RecordHeader.TryParse(bytes, out var read) && read == header;
        });
}
