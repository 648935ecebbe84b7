using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebRtcCore.Dtls.Crypto;

/// <summary>Signs with the own certificate and verifies with the peer's, for ServerKeyExchange and CertificateVerify.</summary>
internal static class Signatures
{
    /// <summary>What is offered and accepted, most wanted first. SHA-1 is not (RFC 9155).</summary>
    public static ReadOnlySpan<SignatureScheme> Supported =>
    [
        SignatureScheme.EcdsaSecp256r1Sha256,
        SignatureScheme.EcdsaSecp384r1Sha384,
        SignatureScheme.RsaPssRsaeSha256,
        SignatureScheme.RsaPssRsaeSha384,
        SignatureScheme.RsaPssRsaeSha512,
        SignatureScheme.RsaPkcs1Sha256,
        SignatureScheme.RsaPkcs1Sha384,
        SignatureScheme.RsaPkcs1Sha512,
    ];

    public static bool IsRsa(SignatureScheme scheme) => scheme is not (SignatureScheme.EcdsaSecp256r1Sha256 or SignatureScheme.EcdsaSecp384r1Sha384);

    /// <summary>The first supported scheme that the peer lists and that fits the kind of key.</summary>
    public static bool TryChoose(IReadOnlyList<SignatureScheme> offered, bool isRsa, out SignatureScheme scheme)
    {
        foreach (var candidate in Supported)
        {
            if (IsRsa(candidate) == isRsa && offered.Contains(candidate))
            {
                scheme = candidate;
                return true;
            }
        }

        scheme = default;
        return false;
    }

    public static byte[] Sign(DtlsCertificate certificate, SignatureScheme scheme, ReadOnlySpan<byte> data)
    {
        if (certificate.IsRsa)
        {
            using var rsa = certificate.GetRsaKey();
            return rsa.SignData(data.ToArray(), Hash(scheme), Padding(scheme));
        }

        var ecdsa = certificate.RentEcdsaKey();
        try
        {
            return ecdsa.SignData(data.ToArray(), Hash(scheme), DSASignatureFormat.Rfc3279DerSequence);
        }
        finally
        {
            certificate.ReturnEcdsaKey(ecdsa);
        }
    }

    /// <summary>Whether <paramref name="signature"/> over <paramref name="data"/> was made with the certificate's key. Malformed signatures are simply wrong.</summary>
    public static bool Verify(X509Certificate2 certificate, SignatureScheme scheme, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (!Supported.Contains(scheme))
        {
            return false;
        }

        try
        {
            if (IsRsa(scheme))
            {
                using var rsa = certificate.GetRSAPublicKey();
                return rsa is not null && rsa.VerifyData(data, signature, Hash(scheme), Padding(scheme));
            }

            using var ecdsa = certificate.GetECDsaPublicKey();
            return ecdsa is not null && ecdsa.VerifyData(data, signature, Hash(scheme), DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            // The platform's library throws on keys and DER that it cannot read; to the protocol both are a wrong signature.
            return false;
        }
    }

    private static HashAlgorithmName Hash(SignatureScheme scheme) => scheme switch
    {
        SignatureScheme.EcdsaSecp256r1Sha256 or SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPkcs1Sha256 => HashAlgorithmName.SHA256,
        SignatureScheme.EcdsaSecp384r1Sha384 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPkcs1Sha384 => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    private static RSASignaturePadding Padding(SignatureScheme scheme) =>
        scheme is SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPssRsaeSha512
            ? RSASignaturePadding.Pss
            : RSASignaturePadding.Pkcs1;
}
