using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebRtcCore.Testing;

namespace WebRtcCore.Dtls.Tests.Certificates;

public class DtlsCertificateTests
{
    [Test]
    public void Is_self_signed_p256_and_valid_for_the_lifetime_asked_for()
    {
        var now = TestCertificates.Now;
        using var own = DtlsCertificate.Generate(now, TimeSpan.FromDays(7), new SeededRandomSource(5));
        using var read = X509CertificateLoader.LoadCertificate(own.Encoded.Span);
        using var key = read.GetECDsaPublicKey();
        Assert.That(key!.ExportParameters(false).Curve.Oid.Value, Is.EqualTo("1.2.840.10045.3.1.7"));
        Assert.That(read.Subject, Is.EqualTo("CN=WebRTC"));
        Assert.That(read.Issuer, Is.EqualTo(read.Subject));
        Assert.That(own.Expires, Is.EqualTo(now.AddDays(7)));
        Assert.That(new DateTimeOffset(read.NotBefore), Is.EqualTo(now.AddDays(-1)));
        Assert.That(own.Encoded.Length, Is.LessThan(400));
    }

    [Test]
    public void Its_own_key_has_signed_it()
    {
        using var own = DtlsCertificate.Generate(TestCertificates.Now, TimeSpan.FromDays(7), new SeededRandomSource(6));
        using var read = X509CertificateLoader.LoadCertificate(own.Encoded.Span);
        using var key = read.GetECDsaPublicKey();
        var certificate = new AsnReader(own.Encoded, AsnEncodingRules.DER).ReadSequence();
        var body = certificate.ReadEncodedValue();
        certificate.ReadSequence();
        var signature = certificate.ReadBitString(out _);
        Assert.That(key!.VerifyData(body.Span, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence), Is.True);
        Assert.That((read.Version, read.SignatureAlgorithm.Value), Is.EqualTo((3, "1.2.840.10045.4.3.2")));
    }

    [Test]
    public void May_be_valid_beyond_2049()
    {
        var now = new DateTimeOffset(2049, 12, 31, 12, 0, 0, 500, TimeSpan.Zero);
        using var own = DtlsCertificate.Generate(now, TimeSpan.FromDays(7), new SeededRandomSource(7));
        using var read = X509CertificateLoader.LoadCertificate(own.Encoded.Span);
        Assert.That(read.NotBefore.ToUniversalTime(), Is.EqualTo(new DateTime(2049, 12, 30, 12, 0, 0, DateTimeKind.Utc)));
        Assert.That(read.NotAfter.ToUniversalTime(), Is.EqualTo(new DateTime(2050, 1, 7, 12, 0, 0, DateTimeKind.Utc)));
        Assert.That(own.Expires.UtcDateTime, Is.EqualTo(read.NotAfter.ToUniversalTime()));
    }

    [Test]
    public void Two_certificates_differ_in_serial_number_and_key()
    {
        using var first = X509CertificateLoader.LoadCertificate(TestCertificates.Client.Encoded.Span);
        using var second = X509CertificateLoader.LoadCertificate(TestCertificates.Server.Encoded.Span);
        Assert.That(first.SerialNumber, Is.Not.EqualTo(second.SerialNumber));
        Assert.That(first.GetPublicKey(), Is.Not.EqualTo(second.GetPublicKey()));
    }

    [Test]
    public void An_imported_certificate_lives_on_without_its_source()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var source = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(TestCertificates.Now, TestCertificates.Now.AddDays(1));
        using var own = DtlsCertificate.FromX509(source);
        source.Dispose();
        using var pair = DtlsPair.Connected(DtlsPair.ClientOptions(own: own), DtlsPair.ServerOptions(peer: own));
        Assert.That(pair.Server.RemoteCertificate!.Value.ToArray(), Is.EqualTo(own.Encoded.ToArray()));
    }

    [Test]
    public void A_certificate_without_private_key_is_refused()
    {
        using var bare = X509CertificateLoader.LoadCertificate(TestCertificates.Client.Encoded.Span);
        Assert.That(() => DtlsCertificate.FromX509(bare), Throws.ArgumentException);
    }

    [Test]
    public void A_lifetime_must_be_positive() =>
        Assert.That(() => DtlsCertificate.Generate(TestCertificates.Now, TimeSpan.Zero, new SeededRandomSource(1)), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void Can_sign_on_several_threads_at_once()
    {
        var failures = 0;
        Parallel.For(0, 16, i =>
        {
            using var pair = new DtlsPair(seed: i);
            pair.Start();
            if (!pair.Drive(() => pair.AreConnected))
            {
                Interlocked.Increment(ref failures);
            }
        });
        Assert.That(failures, Is.Zero);
    }
}
