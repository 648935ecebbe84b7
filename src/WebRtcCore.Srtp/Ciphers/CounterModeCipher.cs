using WebRtcCore.Primitives.Cryptography;

namespace WebRtcCore.Srtp.Ciphers;

/// <summary>
/// AES in the counter mode of RFC 3711 4.1.1: the IV's last 16 bits count blocks. One instance per key; not thread-safe.
/// </summary>
internal abstract class CounterModeCipher : IDisposable
{
    public const int BlockLength = 16;

    /// <summary>Makes a cipher for <paramref name="key"/>, which is copied.</summary>
    public static CounterModeCipher Create(ReadOnlySpan<byte> key, CipherChoice choice) =>
        choice != CipherChoice.Portable && AesNiKey.CanUse(key.Length)
            ? new AesNiCounterModeCipher(key)
            : new PortableCounterModeCipher(key);

    /// <summary>Encrypts or decrypts <paramref name="data"/> in place.</summary>
    /// <param name="iv">16 bytes; the last two are zero.</param>
    /// <param name="data">At most 2^20 bytes.</param>
    public abstract void Apply(ReadOnlySpan<byte> iv, Span<byte> data);

    /// <summary>Forgets the key.</summary>
    public abstract void Dispose();
}
