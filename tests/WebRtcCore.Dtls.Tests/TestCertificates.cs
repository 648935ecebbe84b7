using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebRtcCore.Testing;

namespace WebRtcCore.Dtls.Tests;

/// <summary>Certificates shared by all tests: making keys takes time.</summary>
internal static class TestCertificates
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Lazy<DtlsCertificate> LazyClient = new(() => DtlsCertificate.Generate(Now, TimeSpan.FromDays(30), new SeededRandomSource(1)));
    private static readonly Lazy<DtlsCertificate> LazyServer = new(() => DtlsCertificate.Generate(Now, TimeSpan.FromDays(30), new SeededRandomSource(2)));
    private static readonly Lazy<DtlsCertificate> LazyRsa = new(MakeRsa);
    private static readonly Lazy<DtlsCertificate> LazyP384 = new(MakeP384);

    public static DtlsCertificate Client => LazyClient.Value;

    public static DtlsCertificate Server => LazyServer.Value;

    public static DtlsCertificate Rsa => LazyRsa.Value;

    public static DtlsCertificate P384 => LazyP384.Value;

    private static DtlsCertificate MakeRsa()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=rsa", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(Now, Now.AddDays(30));
        return DtlsCertificate.FromX509(certificate);
    }

    private static DtlsCertificate MakeP384()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var request = new CertificateRequest("CN=p384", key, HashAlgorithmName.SHA384);
        using var certificate = request.CreateSelfSigned(Now, Now.AddDays(30));
        return DtlsCertificate.FromX509(certificate);
    }
}
