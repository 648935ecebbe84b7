using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WebRtcCore.Transport;

namespace WebRtcCore.Tests.Transport;

/// <summary>The rules for certificates of servers that are reached by DTLS.</summary>
[TestFixture]
public class ServerCertificatesTests
{
    private static readonly DateTimeOffset Yesterday = DateTimeOffset.UtcNow.AddDays(-1);
    private static readonly DateTimeOffset Tomorrow = DateTimeOffset.UtcNow.AddDays(1);

    [TestCase("turn.example", SslPolicyErrors.RemoteCertificateChainErrors)]
    [TestCase("192.0.2.7", SslPolicyErrors.RemoteCertificateChainErrors)]
    [TestCase("other.example", SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch)]
    public void A_private_authority_and_another_name_are_told_to_the_application(string host, SslPolicyErrors expected)
    {
        var seen = default(SslPolicyErrors?);
        ServerCertificates.Check(Make("1.3.6.1.5.5.7.3.1"), host, (_, certificate, chain, errors) =>
        {
            seen = errors;
            return certificate!.Subject == "CN=turn" && chain!.ChainElements.Count == 2;
        });
        Assert.That(seen, Is.EqualTo(expected));
    }

    [Test]
    public void Without_a_callback_an_unknown_authority_is_refused()
    {
        Assert.That(() => ServerCertificates.Check(Make("1.3.6.1.5.5.7.3.1"), "turn.example", null), Throws.TypeOf<AuthenticationException>());
        Assert.That(() => ServerCertificates.Check(Make("1.3.6.1.5.5.7.3.1"), "turn.example", (_, _, _, _) => false), Throws.TypeOf<AuthenticationException>());
        Assert.That(() => ServerCertificates.Check([[1, 2, 3]], "turn.example", (_, certificate, _, _) => certificate is not null), Throws.TypeOf<AuthenticationException>());
    }

    [TestCase("1.3.6.1.5.5.7.3.1", true)]
    [TestCase("1.3.6.1.5.5.7.3.2", false)]
    public void The_chain_is_built_for_a_server(string purpose, bool isRight)
    {
        ServerCertificates.Check(Make(purpose), "turn.example", (_, _, chain, _) =>
        {
            var isWrong = chain!.ChainStatus.Any(s => s.Status.HasFlag(X509ChainStatusFlags.NotValidForUsage));
            Assert.That(isWrong, Is.EqualTo(!isRight));
            return true;
        });
    }

    // The server's certificate and that of its authority.
    private static byte[][] Make(string purpose)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = authorityRequest.CreateSelfSigned(Yesterday, Tomorrow);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=turn", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("turn.example");
        names.AddIpAddress(IPAddress.Parse("192.0.2.7"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        using var certificate = request.Create(authority, Yesterday, Tomorrow, [1, 2, 3]);
        return [certificate.RawData, authority.RawData];
    }
}
