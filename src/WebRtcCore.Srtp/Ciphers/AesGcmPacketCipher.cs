using System.Security.Cryptography;

namespace WebRtcCore.Srtp.Ciphers;

/// <summary>AES-GCM with a 12-byte nonce and a 16-byte tag, in place. One instance per key; not thread-safe.</summary>
internal sealed class AesGcmPacketCipher : IDisposable
{
    public const int NonceLength = 12;
    public const int TagLength = 16;

    private readonly AesGcm _aes;

    public AesGcmPacketCipher(ReadOnlySpan<byte> key) => _aes = new AesGcm(key, TagLength);

    /// <summary>Encrypts <paramref name="data"/> in place and writes the tag over it and <paramref name="associatedData"/>.</summary>
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> data, Span<byte> tag) =>
        _aes.Encrypt(nonce, data, data, tag, associatedData);

    /// <summary>Decrypts <paramref name="data"/> in place if the tag fits; otherwise its content is undefined.</summary>
    public bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> data, ReadOnlySpan<byte> tag)
    {
        try
        {
            _aes.Decrypt(nonce, data, tag, data, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _aes.Dispose();
}
