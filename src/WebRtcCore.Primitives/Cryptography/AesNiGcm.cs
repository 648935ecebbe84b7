using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace WebRtcCore.Primitives.Cryptography;

/// <summary>
/// AES-GCM over the processor's AES and carry-less multiplication instructions: without the call into the platform's library, which costs more than the work for
/// a packet. Measured with 1200 bytes on one Zen 4 core: a third of <see cref="AesGcm"/>.
/// </summary>
internal sealed class AesNiGcm : Aead
{
    private readonly AesNiKey _key;
    private readonly Ghash _hash;

    /// <summary>Takes a key of 16 or 32 bytes, and whether the hash uses 512-bit instructions.</summary>
    public AesNiGcm(ReadOnlySpan<byte> key, bool isWide)
    {
        if (!AesNiKey.CanUse(key.Length))
        {
            throw new PlatformNotSupportedException("Keys of 16 and 32 bytes only.");
        }

        _key = new AesNiKey(key);
        _hash = new Ghash(_key.EncryptBlock(default), isWide);
    }

    public override void Seal(ReadOnlySpan<byte> nonce, Span<byte> data, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(tag.Length, TagLength);
        var length = data.Length;
        var counter = CreateCounter(nonce, out var tagMask);
        var hash = _hash.AbsorbPadded(default, associatedData);

        // Group by group, so that the processor hashes one while it encrypts the next.
        for (; data.Length > Ghash.GroupLength; data = data[Ghash.GroupLength..])
        {
            var group = data[..Ghash.GroupLength];
            _key.ApplyKeyStream(ref counter, group);
            hash = _hash.AbsorbGroup(hash, group);
        }

        _key.ApplyKeyStream(ref counter, data);
        (_hash.Finish(hash, data, associatedData.Length, length) ^ tagMask).CopyTo(tag);
    }

    // Verifies first and decrypts then: a packet that is not authentic costs half, and no plaintext of it ever exists.
    public override bool TryOpen(ReadOnlySpan<byte> nonce, Span<byte> data, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(tag.Length, TagLength);
        var counter = CreateCounter(nonce, out var tagMask);
        var hash = _hash.AbsorbPadded(default, associatedData);
        ReadOnlySpan<byte> rest = data;
        for (; rest.Length > Ghash.GroupLength; rest = rest[Ghash.GroupLength..])
        {
            hash = _hash.AbsorbGroup(hash, rest[..Ghash.GroupLength]);
        }

        Span<byte> expected = stackalloc byte[TagLength];
        (_hash.Finish(hash, rest, associatedData.Length, data.Length) ^ tagMask).CopyTo(expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag))
        {
            return false;
        }

        _key.ApplyKeyStream(ref counter, data);
        return true;
    }

    public override void Dispose()
    {
        _key.Dispose();
        _hash.Dispose();
    }

    // SP 800-38D 7.1: block 1 after the nonce masks the tag, the data begins at block 2.
    private Vector128<uint> CreateCounter(ReadOnlySpan<byte> nonce, out Vector128<byte> tagMask)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength);
        Span<byte> block = stackalloc byte[AesNiKey.BlockLength];
        nonce.CopyTo(block);
        BinaryPrimitives.WriteUInt32BigEndian(block[NonceLength..], 1);
        tagMask = _key.EncryptBlock(Vector128.Create<byte>(block));
        return AesNiKey.CreateCounter(block) + Vector128.Create(0u, 0, 0, 1);
    }
}
