using System.Buffers.Binary;
using System.Security.Cryptography;
using WebRtcCore.Primitives.Cryptography;

namespace WebRtcCore.Dtls.Records;

/// <summary>
/// Protects the records of one direction and epoch of DTLS 1.2: nonces and associated data around an <see cref="Aead"/>.
/// Works in place and allocates nothing per record.
/// </summary>
internal sealed class RecordCipher : IDisposable
{
    private const int AssociatedDataLength = 13;
    private const int SequenceNumberLength = 8;
    private readonly Aead _aead;
    private readonly byte[] _fixedIv;

    /// <summary>Takes ownership of <paramref name="aead"/>.</summary>
    public RecordCipher(Aead aead, ReadOnlySpan<byte> fixedIv)
    {
        _aead = aead;
        _fixedIv = fixedIv.ToArray();

        // RFC 5288 3: GCM sends the 8 variable bytes of its nonce with each record. RFC 7905 2: ChaCha20-Poly1305 sends none.
        ExplicitNonceLength = fixedIv.Length == Aead.NonceLength ? 0 : SequenceNumberLength;
    }

    public int ExplicitNonceLength { get; }

    /// <summary>By how much a fragment is longer than its plaintext.</summary>
    public int Overhead => ExplicitNonceLength + Aead.TagLength;

    /// <summary>
    /// Seals a fragment whose plaintext already lies behind the room for the explicit nonce; <paramref name="fragment"/> is plaintext length + <see cref="Overhead"/> long.
    /// </summary>
    public void Seal(ContentType type, ulong fullSequenceNumber, Span<byte> fragment)
    {
        var plaintext = fragment[ExplicitNonceLength..^Aead.TagLength];
        Span<byte> nonce = stackalloc byte[Aead.NonceLength];
        Span<byte> associatedData = stackalloc byte[AssociatedDataLength];
        if (ExplicitNonceLength != 0)
        {
            // Epoch and sequence number never repeat under one key: the nonce is unique by construction (RFC 5288 3, RFC 9325 7.2.1).
            BinaryPrimitives.WriteUInt64BigEndian(fragment, fullSequenceNumber);
        }

        WriteNonce(nonce, fullSequenceNumber);
        WriteAssociatedData(associatedData, type, fullSequenceNumber, plaintext.Length);
        _aead.Seal(nonce, plaintext, fragment[^Aead.TagLength..], associatedData);
    }

    /// <summary>Opens a fragment in place; the plaintext is then <paramref name="fragment"/> without the explicit nonce in front and the tag behind.</summary>
    public bool TryOpen(ContentType type, ulong fullSequenceNumber, Span<byte> fragment)
    {
        if (fragment.Length < Overhead)
        {
            return false;
        }

        var data = fragment[ExplicitNonceLength..^Aead.TagLength];
        Span<byte> nonce = stackalloc byte[Aead.NonceLength];
        Span<byte> associatedData = stackalloc byte[AssociatedDataLength];

        // RFC 5288 3: a sender may choose its explicit nonce freely, so the one received counts.
        WriteNonce(nonce, ExplicitNonceLength != 0 ? BinaryPrimitives.ReadUInt64BigEndian(fragment) : fullSequenceNumber);
        WriteAssociatedData(associatedData, type, fullSequenceNumber, data.Length);
        return _aead.TryOpen(nonce, data, fragment[^Aead.TagLength..], associatedData);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _aead.Dispose();
        CryptographicOperations.ZeroMemory(_fixedIv);
    }

    private void WriteNonce(Span<byte> nonce, ulong variable)
    {
        if (ExplicitNonceLength != 0)
        {
            _fixedIv.CopyTo(nonce);
            BinaryPrimitives.WriteUInt64BigEndian(nonce[_fixedIv.Length..], variable);
            return;
        }

        // RFC 7905 2: the padded sequence number XOR the fixed IV.
        var tail = nonce[^SequenceNumberLength..];
        _fixedIv.CopyTo(nonce);
        BinaryPrimitives.WriteUInt64BigEndian(tail, BinaryPrimitives.ReadUInt64BigEndian(tail) ^ variable);
    }

    // RFC 5246 6.2.3.3, RFC 6347 4.1.2.1: epoch and sequence number, type, version, plaintext length.
    private static void WriteAssociatedData(Span<byte> destination, ContentType type, ulong fullSequenceNumber, int plaintextLength)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, fullSequenceNumber);
        destination[8] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[9..], RecordHeader.Dtls12);
        BinaryPrimitives.WriteUInt16BigEndian(destination[11..], (ushort)plaintextLength);
    }
}
