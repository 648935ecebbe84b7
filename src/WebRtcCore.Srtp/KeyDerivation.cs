using WebRtcCore.Primitives.Cryptography;
using WebRtcCore.Srtp.Ciphers;

namespace WebRtcCore.Srtp;

/// <summary>The SRTP key derivation function with a key derivation rate of zero (RFC 3711, 4.3).</summary>
internal static class KeyDerivation
{
    /// <summary>Derives one session key or salt into <paramref name="destination"/>.</summary>
    /// <param name="masterKey">16, 24 or 32 bytes: the AES key of the pseudo-random function.</param>
    /// <param name="masterSalt">14 bytes, or 12 for the AEAD profiles.</param>
    /// <param name="label">What is derived.</param>
    /// <param name="destination">At most as many bytes as counter mode gives under one IV.</param>
    public static void Derive(
        ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, KeyDerivationLabel label, Span<byte> destination)
    {
        // RFC 3711 4.3.1: the label goes into the seventh byte of the 14-byte salt, and 4.3.3 puts the result in front of a zero counter.
        // RFC 7714 11: a 12-byte salt is filled up with zeros on the right.
        Span<byte> iv = stackalloc byte[CounterModeCipher.BlockLength];
        iv.Clear();
        masterSalt.CopyTo(iv);
        iv[7] ^= (byte)label;

        using var cipher = CounterModeCipher.Create(masterKey, CipherChoice.Fastest);
        destination.Clear();
        cipher.Apply(iv, destination);
    }

    /// <summary>Derives all session keys of a profile.</summary>
    public static SrtpSessionKeys DeriveSessionKeys(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
    {
        var keys = new SrtpSessionKeys(profile);
        Derive(masterKey, masterSalt, KeyDerivationLabel.RtpEncryption, keys.RtpKey);
        Derive(masterKey, masterSalt, KeyDerivationLabel.RtpSalt, keys.RtpSalt);
        Derive(masterKey, masterSalt, KeyDerivationLabel.RtcpEncryption, keys.RtcpKey);
        Derive(masterKey, masterSalt, KeyDerivationLabel.RtcpSalt, keys.RtcpSalt);
        if (keys.RtpAuthenticationKey.Length > 0)
        {
            Derive(masterKey, masterSalt, KeyDerivationLabel.RtpAuthentication, keys.RtpAuthenticationKey);
            Derive(masterKey, masterSalt, KeyDerivationLabel.RtcpAuthentication, keys.RtcpAuthenticationKey);
        }

        return keys;
    }
}
