using System.Buffers.Binary;
using WebRtcCore.Dtls.Crypto;
using WebRtcCore.Dtls.Records;
using WebRtcCore.Primitives.Cryptography;

namespace WebRtcCore.Dtls.Tests.Records;

public class RecordCipherTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
    private static readonly byte[] LongKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly byte[] Salt = [0xA0, 0xA1, 0xA2, 0xA3];

    [Test]
    public void The_gcm_nonce_is_epoch_and_sequence_number_and_never_repeats_in_a_million_records()
    {
        // security.md row 15.
        using var records = new RecordLayer(new DtlsCounters());
        records.InstallKeys(new RecordCipher(AesGcmPacketCipher.Create(Key), Salt), new RecordCipher(AesGcmPacketCipher.Create(Key), Salt));
        var record = new byte[64];
        var previous = 0UL;
        for (var i = 0; i < 1_000_000; i++)
        {
            records.Seal(ContentType.ApplicationData, RecordLayer.ProtectedEpoch, record, 1);
            var inHeader = BinaryPrimitives.ReadUInt64BigEndian(record.AsSpan(3));
            var nonce = BinaryPrimitives.ReadUInt64BigEndian(record.AsSpan(RecordHeader.Length));
            if (nonce != inHeader || (i > 0 && nonce != previous + 1))
            {
                Assert.Fail($"record {i}: nonce {nonce:X}, header {inHeader:X}, before {previous:X}");
            }

            previous = nonce;
        }

        Assert.That(previous, Is.EqualTo((1UL << 48) | 999_999));
    }

    [Test]
    public void Any_flipped_bit_is_noticed([Values] bool chaCha)
    {
        using var cipher = chaCha
            ? new RecordCipher(new ChaCha20Poly1305Aead(LongKey), new byte[12])
            : new RecordCipher(AesGcmPacketCipher.Create(Key), Salt);
        const ulong Number = (1UL << 48) | 77;
        var plaintext = "some plaintext"u8.ToArray();
        var sealedFragment = new byte[plaintext.Length + cipher.Overhead];
        plaintext.CopyTo(sealedFragment, cipher.ExplicitNonceLength);
        cipher.Seal(ContentType.ApplicationData, Number, sealedFragment);

        var copy = sealedFragment.ToArray();
        Assert.That(cipher.TryOpen(ContentType.ApplicationData, Number, copy), Is.True);
        Assert.That(copy[cipher.ExplicitNonceLength..^16], Is.EqualTo(plaintext));
        for (var i = 0; i < sealedFragment.Length * 8; i++)
        {
            copy = sealedFragment.ToArray();
            copy[i / 8] ^= (byte)(1 << (i % 8));
            Assert.That(cipher.TryOpen(ContentType.ApplicationData, Number, copy), Is.False, $"bit {i}");
        }

        copy = sealedFragment.ToArray();
        Assert.That(cipher.TryOpen(ContentType.Handshake, Number, copy), Is.False, "type");
        copy = sealedFragment.ToArray();
        Assert.That(cipher.TryOpen(ContentType.ApplicationData, Number + 1, copy), Is.False, "sequence number");
        Assert.That(cipher.TryOpen(ContentType.ApplicationData, Number, new byte[cipher.Overhead - 1]), Is.False, "too short");
    }

    [Test]
    public void Empty_plaintext_is_a_record_too()
    {
        using var cipher = new RecordCipher(AesGcmPacketCipher.Create(Key), Salt);
        var fragment = new byte[cipher.Overhead];
        cipher.Seal(ContentType.ApplicationData, 1, fragment);
        Assert.That(cipher.TryOpen(ContentType.ApplicationData, 1, fragment), Is.True);
    }
}
