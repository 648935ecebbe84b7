using System.Security.Cryptography;

namespace WebRtcCore.Primitives.Cryptography;

/// <summary>AES-GCM for packets (NIST SP 800-38D with a 12-byte nonce and a 16-byte tag): chooses the implementation, once per key.</summary>
internal static class AesGcmPacketCipher
{
    /// <summary>Makes a cipher for <paramref name="key"/> (16, 24 or 32 bytes), which is copied.</summary>
    /// <exception cref="PlatformNotSupportedException">This processor cannot do what <paramref name="choice"/> forces.</exception>
    /// <exception cref="CryptographicException">The key has a length that AES does not know.</exception>
    public static Aead Create(ReadOnlySpan<byte> key, CipherChoice choice = CipherChoice.Fastest)
    {
        if (choice == CipherChoice.Fastest)
        {
            choice = !AesNiKey.CanUse(key.Length) || !Ghash.IsSupported ? CipherChoice.Portable
                : Ghash.IsWideSupported ? CipherChoice.AesNiWide
                : CipherChoice.AesNi;
        }

        if (!IsSupported(choice))
        {
            throw new PlatformNotSupportedException($"This processor has no {choice} implementation of AES-GCM.");
        }

        return choice == CipherChoice.Portable ? new PlatformAesGcm(key) : new AesNiGcm(key, choice == CipherChoice.AesNiWide);
    }

    /// <summary>Whether <paramref name="choice"/> can be forced on this processor.</summary>
    public static bool IsSupported(CipherChoice choice) => choice switch
    {
        CipherChoice.AesNi => AesNiKey.IsSupported && Ghash.IsSupported,
        CipherChoice.AesNiWide => AesNiKey.IsSupported && Ghash.IsWideSupported,
        _ => true,
    };
}
