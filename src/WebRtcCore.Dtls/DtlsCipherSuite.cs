namespace WebRtcCore.Dtls;

/// <summary>A cipher suite of DTLS 1.2, by its value on the wire.</summary>
public enum DtlsCipherSuite : ushort
{
    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 (RFC 5289); mandatory in WebRTC (RFC 8827 6.5).</summary>
    EcdheEcdsaAes128GcmSha256 = 0xC02B,

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 (RFC 5289).</summary>
    EcdheEcdsaAes256GcmSha384 = 0xC02C,

    /// <summary>TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 (RFC 5289).</summary>
    EcdheRsaAes128GcmSha256 = 0xC02F,

    /// <summary>TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 (RFC 5289).</summary>
    EcdheRsaAes256GcmSha384 = 0xC030,

    /// <summary>TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 (RFC 7905).</summary>
    EcdheRsaChaCha20Poly1305Sha256 = 0xCCA8,

    /// <summary>TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 (RFC 7905).</summary>
    EcdheEcdsaChaCha20Poly1305Sha256 = 0xCCA9,
}
