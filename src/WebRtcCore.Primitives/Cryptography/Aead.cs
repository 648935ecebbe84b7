namespace WebRtcCore.Primitives.Cryptography;

/// <summary>
/// Authenticated encryption in place with one key: what DTLS records and SRTP packets are protected with. Allocates nothing per call; not thread-safe.
/// </summary>
internal abstract class Aead : IDisposable
{
    /// <summary>Bytes of the authentication tag.</summary>
    public const int TagLength = 16;

    /// <summary>Bytes of the nonce.</summary>
    public const int NonceLength = 12;

    /// <summary>Encrypts <paramref name="data"/> in place and writes the tag. A nonce must never be used twice with one key.</summary>
    public abstract void Seal(ReadOnlySpan<byte> nonce, Span<byte> data, Span<byte> tag, ReadOnlySpan<byte> associatedData);

    /// <summary>
    /// Verifies the tag and decrypts <paramref name="data"/> in place; on <see langword="false"/> its content is undefined, but no plaintext.
    /// </summary>
    public abstract bool TryOpen(ReadOnlySpan<byte> nonce, Span<byte> data, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> associatedData);

    /// <summary>Forgets the key.</summary>
    public abstract void Dispose();
}
