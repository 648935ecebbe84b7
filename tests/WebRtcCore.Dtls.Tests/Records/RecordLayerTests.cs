using WebRtcCore.Dtls.Records;
using WebRtcCore.Primitives.Cryptography;

namespace WebRtcCore.Dtls.Tests.Records;

public class RecordLayerTests
{
    private static readonly byte[] Key = new byte[16];

    [Test]
    public void Early_records_are_bounded_in_number_and_bytes()
    {
        var counters = new DtlsCounters();
        using var records = new RecordLayer(counters);
        for (var i = 0; i < 100; i++)
        {
            records.KeepEarly(new byte[100]);
        }

        Assert.That(records.TakeEarlyRecords(), Has.Length.EqualTo(RecordLayer.MaxEarlyRecords));
        Assert.That(counters.UnexpectedRecords, Is.EqualTo(100 - RecordLayer.MaxEarlyRecords));
        records.KeepEarly(new byte[RecordLayer.MaxEarlyBytes]);
        records.KeepEarly(new byte[1]);
        Assert.That(records.TakeEarlyRecords(), Has.Length.EqualTo(1));
        Assert.That(records.TakeEarlyRecords(), Is.Empty);
    }

    [Test]
    public void A_forged_record_does_not_move_the_window()
    {
        var counters = new DtlsCounters();
        using var records = new RecordLayer(counters);
        records.InstallKeys(new RecordCipher(AesGcmPacketCipher.Create(Key), new byte[4]), new RecordCipher(AesGcmPacketCipher.Create(Key), new byte[4]));
        var genuine = new byte[38];
        records.Seal(ContentType.ApplicationData, 1, genuine, 1);

        var forged = new RecordHeader(ContentType.ApplicationData, RecordHeader.Dtls12, 1, 1_000_000, 25);
        Assert.That(records.TryOpen(forged, new byte[25], out _, out _), Is.False);
        Assert.That(RecordHeader.TryParse(genuine, out var header), Is.True);
        Assert.That(records.TryOpen(header, genuine.AsSpan(RecordHeader.Length).ToArray(), out var offset, out var length), Is.True);
        Assert.That((offset, length), Is.EqualTo((8, 1)));
        Assert.That(records.TryOpen(header, genuine.AsSpan(RecordHeader.Length).ToArray(), out _, out _), Is.False, "replayed");
        Assert.That((counters.UnauthenticRecords, counters.ReplayedRecords), Is.EqualTo((1, 1)));
    }
}
