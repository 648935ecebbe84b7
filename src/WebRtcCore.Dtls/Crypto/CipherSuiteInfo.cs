using System.Security.Cryptography;
using WebRtcCore.Primitives.Cryptography;

namespace WebRtcCore.Dtls.Crypto;

/// <summary>What a cipher suite of DTLS 1.2 stands for.</summary>
/// <param name="Suite">Its value.</param>
/// <param name="Name">Its IANA name.</param>
/// <param name="IsRsa">Whether the server signs with RSA; otherwise with ECDSA.</param>
/// <param name="IsChaCha">ChaCha20-Poly1305 (RFC 7905); otherwise AES-GCM (RFC 5288).</param>
/// <param name="KeyLength">Bytes of an encryption key.</param>
/// <param name="Hash">The hash of the PRF and of the Finished messages.</param>
internal sealed record CipherSuiteInfo(DtlsCipherSuite Suite, string Name, bool IsRsa, bool IsChaCha, int KeyLength, HashAlgorithmName Hash)
{
    private static readonly CipherSuiteInfo[] All =
    [
        new(DtlsCipherSuite.EcdheEcdsaAes128GcmSha256, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", false, false, 16, HashAlgorithmName.SHA256),
        new(DtlsCipherSuite.EcdheEcdsaAes256GcmSha384, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", false, false, 32, HashAlgorithmName.SHA384),
        new(DtlsCipherSuite.EcdheRsaAes128GcmSha256, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", true, false, 16, HashAlgorithmName.SHA256),
        new(DtlsCipherSuite.EcdheRsaAes256GcmSha384, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", true, false, 32, HashAlgorithmName.SHA384),
        new(DtlsCipherSuite.EcdheRsaChaCha20Poly1305Sha256, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", true, true, 32, HashAlgorithmName.SHA256),
        new(DtlsCipherSuite.EcdheEcdsaChaCha20Poly1305Sha256, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", false, true, 32, HashAlgorithmName.SHA256),
    ];

    /// <summary>Bytes of the implicit part of the nonce: 4 for GCM (RFC 5288 3), 12 for ChaCha20-Poly1305 (RFC 7905 2).</summary>
    public int FixedIvLength => IsChaCha ? 12 : 4;

    /// <summary>Whether this machine can do it.</summary>
    public bool IsSupported => IsChaCha ? ChaCha20Poly1305.IsSupported : AesGcm.IsSupported;

    public static CipherSuiteInfo? Find(DtlsCipherSuite suite)
    {
        foreach (var info in All)
        {
            if (info.Suite == suite)
            {
                return info;
            }
        }

        return null;
    }

    public Aead CreateAead(ReadOnlySpan<byte> key) => IsChaCha ? new ChaCha20Poly1305Aead(key) : AesGcmPacketCipher.Create(key);
}
