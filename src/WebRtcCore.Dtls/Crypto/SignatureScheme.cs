namespace WebRtcCore.Dtls.Crypto;

/// <summary>A signature algorithm with its hash: SignatureAndHashAlgorithm of RFC 5246 7.4.1.4.1, read as RFC 8446 4.2.3 names it.</summary>
internal enum SignatureScheme : ushort
{
    RsaPkcs1Sha256 = 0x0401,
    RsaPkcs1Sha384 = 0x0501,
    RsaPkcs1Sha512 = 0x0601,
    EcdsaSecp256r1Sha256 = 0x0403,
    EcdsaSecp384r1Sha384 = 0x0503,
    RsaPssRsaeSha256 = 0x0804,
    RsaPssRsaeSha384 = 0x0805,
    RsaPssRsaeSha512 = 0x0806,
}
