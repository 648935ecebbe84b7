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
    private readonly byte[] _encoded;

    // One of the two: a certificate from elsewhere, or the key of one made here.
    private readonly X509Certificate2? _certificate;
    private readonly ECParameters _parameters;
    private ECDsa? _idleKey;
    private bool _isDisposed;

    private DtlsCertificate(X509Certificate2 certificate, bool isRsa)
    {
        _certificate = certificate;
        _encoded = certificate.RawData;
        IsRsa = isRsa;
        Expires = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
    }

    private DtlsCertificate(byte[] encoded, ECDsa key, ECParameters parameters, DateTimeOffset expires)
    {
        _encoded = encoded;
        _idleKey = key;
        _parameters = parameters;
        Expires = expires;
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
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        var expires = SelfSignedCertificate.WholeSeconds(now + lifetime);
        var encoded = SelfSignedCertificate.Encode(key, parameters.Q, now.AddDays(-1), expires, random);
        return new DtlsCertificate(encoded, key, parameters, expires);
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
    public void Dispose()
    {
        _isDisposed = true;
        _certificate?.Dispose();
        Interlocked.Exchange(ref _idleKey, null)?.Dispose();
        CryptographicOperations.ZeroMemory(_parameters.D);
    }

    /// <summary>A key object for the caller alone, to be given back with <see cref="ReturnEcdsaKey"/>: that is what makes signing safe on several threads.</summary>
    internal ECDsa RentEcdsaKey()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_certificate is not null)
        {
            // A new object around the platform's handle, which is shared and counted.
            return _certificate.GetECDsaPrivateKey() ?? throw new InvalidOperationException("Not an ECDSA certificate.");
        }

        return Interlocked.Exchange(ref _idleKey, null) ?? ECDsa.Create(_parameters);
    }

    internal void ReturnEcdsaKey(ECDsa key)
    {
        if (_certificate is not null || _isDisposed || Interlocked.CompareExchange(ref _idleKey, key, null) is not null)
        {
            key.Dispose();
        }
    }

    internal RSA GetRsaKey() => _certificate?.GetRSAPrivateKey() ?? throw new InvalidOperationException("Not an RSA certificate.");
}
