using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls;

/// <summary>
/// A certificate with its private key, to prove an endpoint's identity: ECDSA (P-256 unless imported) or RSA. Thread-safe: it may be shared by any
/// number of endpoints. Dispose it after the last of them.
/// </summary>
public sealed class DtlsCertificate : IDisposable
{
    private const int SerialNumberLength = 16;
    private readonly X509Certificate2 _certificate;
    private readonly byte[] _encoded;

    private DtlsCertificate(X509Certificate2 certificate, bool isRsa)
    {
        _certificate = certificate;
        _encoded = certificate.RawData;
        IsRsa = isRsa;
        Expires = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
    }

    /// <summary>When the certificate ceases to be valid.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>The certificate in DER.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    internal bool IsRsa { get; }

    /// <summary>Makes a self-signed ECDSA P-256 certificate with a new key, as the browsers do (RFC 8827 6.5).</summary>
    /// <param name="now">The wall-clock time. Validity starts a day earlier: clocks differ.</param>
    /// <param name="lifetime">How long it stays valid; more than zero.</param>
    /// <param name="random">Draws the serial number. The key comes from the platform's cryptographic library.</param>
    public static DtlsCertificate Generate(DateTimeOffset now, TimeSpan lifetime, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedName("CN=WebRTC");
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        Span<byte> serial = stackalloc byte[SerialNumberLength];
        random.Fill(serial);

        // RFC 5280 4.1.2.2: serial numbers are positive integers.
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        using var bare = request.Create(name, X509SignatureGenerator.CreateForECDsa(key), now.AddDays(-1), now + lifetime, serial);
        using var complete = bare.CopyWithPrivateKey(key);
        return FromX509(complete);
    }

    /// <summary>Takes a certificate from elsewhere.</summary>
    /// <param name="certificate">With an ECDSA or RSA private key. It is copied; the caller keeps its own.</param>
    /// <exception cref="ArgumentException">There is no private key, or one of another kind.</exception>
    public static DtlsCertificate FromX509(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using var ecdsa = certificate.GetECDsaPrivateKey();
        using var rsa = ecdsa is null ? certificate.GetRSAPrivateKey() : null;
        if (ecdsa is null && rsa is null)
        {
            throw new ArgumentException("The certificate needs an ECDSA or RSA private key.", nameof(certificate));
        }

        return new DtlsCertificate(new X509Certificate2(certificate), isRsa: rsa is not null);
    }

    /// <summary>The fingerprints to signal: sha-256.</summary>
    public IReadOnlyList<DtlsFingerprint> GetFingerprints() => [DtlsFingerprint.Compute("sha-256", _encoded)];

    /// <summary>Disposes the private key.</summary>
    public void Dispose() => _certificate.Dispose();

    // A new key object per use (the platform's handle is shared and counted) is what makes signing safe on several threads.
    internal ECDsa GetEcdsaKey() => _certificate.GetECDsaPrivateKey() ?? throw new InvalidOperationException("Not an ECDSA certificate.");

    internal RSA GetRsaKey() => _certificate.GetRSAPrivateKey() ?? throw new InvalidOperationException("Not an RSA certificate.");
}
