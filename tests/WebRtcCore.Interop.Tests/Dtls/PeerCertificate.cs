using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebRtcCore.Dtls;

namespace WebRtcCore.Interop.Tests.Dtls;

/// <summary>A certificate for the peer, with its PEM files in a folder of its own.</summary>
internal sealed class PeerCertificate : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webrtccore-dtls-");
    private readonly X509Certificate2 _certificate;

    private PeerCertificate(CertificateRequest request, AsymmetricAlgorithm key)
    {
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        PrivateKey = key.ExportPkcs8PrivateKey();
        File.WriteAllText(CertificateFile, _certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public string CertificateFile => Path.Combine(_folder.FullName, "certificate.pem");

    public string KeyFile => Path.Combine(_folder.FullName, "key.pem");

    public string KeyLogFile => Path.Combine(_folder.FullName, "keylog.txt");

    public byte[] Encoded => _certificate.RawData;

    public byte[] PrivateKey { get; }

    public IReadOnlyList<DtlsFingerprint> Fingerprints => [DtlsFingerprint.Compute("sha-256", _certificate.RawData)];

    public static PeerCertificate Create(bool isRsa)
    {
        if (isRsa)
        {
            using var rsa = RSA.Create(2048);
            return new PeerCertificate(new CertificateRequest("CN=peer", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), rsa);
        }

        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new PeerCertificate(new CertificateRequest("CN=peer", ecdsa, HashAlgorithmName.SHA256), ecdsa);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }
}
