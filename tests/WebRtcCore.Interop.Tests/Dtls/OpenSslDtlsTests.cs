using WebRtcCore.Dtls;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Testing;
using Role = WebRtcCore.Dtls.DtlsRole;

namespace WebRtcCore.Interop.Tests.Dtls;

/// <summary>DTLS 1.2 with <c>openssl s_server</c> and <c>s_client</c>: equal exporters, data both ways, close_notify both ways.</summary>
[Category("Interop")]
public class OpenSslDtlsTests
{
    private static readonly object[] Parameters =
    [
        new object[] { "ECDHE-ECDSA-AES128-GCM-SHA256", DtlsGroup.X25519, "SRTP_AEAD_AES_128_GCM", SrtpProtectionProfile.AeadAes128Gcm },
        new object[] { "ECDHE-ECDSA-AES256-GCM-SHA384", DtlsGroup.Secp384r1, "SRTP_AEAD_AES_256_GCM", SrtpProtectionProfile.AeadAes256Gcm },
        new object[] { "ECDHE-ECDSA-CHACHA20-POLY1305", DtlsGroup.Secp256r1, "SRTP_AES128_CM_SHA1_80", SrtpProtectionProfile.Aes128CmHmacSha1_80 },
        new object[] { "ECDHE-RSA-AES128-GCM-SHA256", DtlsGroup.Secp256r1, "SRTP_AES128_CM_SHA1_32", SrtpProtectionProfile.Aes128CmHmacSha1_32 },
        new object[] { "ECDHE-RSA-AES256-GCM-SHA384", DtlsGroup.X25519, "SRTP_AEAD_AES_128_GCM", SrtpProtectionProfile.AeadAes128Gcm },
        new object[] { "ECDHE-RSA-CHACHA20-POLY1305", DtlsGroup.Secp384r1, "SRTP_AEAD_AES_128_GCM", SrtpProtectionProfile.AeadAes128Gcm },
    ];

    [TestCaseSource(nameof(Parameters))]
    public void As_client_of_openssl(string cipher, DtlsGroup group, string srtp, SrtpProtectionProfile profile)
    {
        using var certificate = PeerCertificate.Create(isRsa: cipher.StartsWith("ECDHE-RSA", StringComparison.Ordinal));
        var port = FreePort.Next();
        using var peer = new PeerProcess(
            Peers.Require("openssl"),
            ["s_server", "-4", "-accept", $"127.0.0.1:{port}", "-Verify", "1", .. Common(certificate, cipher, srtp)]);

        // RFC 8422 5.1: the groups also say which curves certificates may have, so P-256 is always among them.
        using var own = new DtlsSocket(Role.Client, certificate, options => options with { Groups = [group, DtlsGroup.Secp256r1] }, port);
        AssertConversation(own, peer, profile);
        Assert.That(own.Endpoint.Group, Is.EqualTo(group));
    }

    [TestCaseSource(nameof(Parameters))]
    public void As_server_of_openssl(string cipher, DtlsGroup group, string srtp, SrtpProtectionProfile profile)
    {
        // The cipher's kind of certificate is the server's: here always the own ECDSA one. The client's may be of any kind.
        using var certificate = PeerCertificate.Create(isRsa: cipher.StartsWith("ECDHE-RSA", StringComparison.Ordinal));
        using var own = new DtlsSocket(Role.Server, certificate, options => options with { Groups = [group] });
        using var peer = new PeerProcess(
            Peers.Require("openssl"),
            ["s_client", "-connect", $"127.0.0.1:{own.Port}", .. Common(certificate, cipher.Replace("-RSA-", "-ECDSA-", StringComparison.Ordinal), srtp)]);
        AssertConversation(own, peer, profile);
        Assert.That(own.Endpoint.Group, Is.EqualTo(group));
    }

    [Test]
    public void With_small_datagrams_both_ways([Values] bool asClient)
    {
        using var certificate = PeerCertificate.Create(isRsa: true);
        var port = FreePort.Next();
        using var own = new DtlsSocket(
            asClient ? Role.Client : Role.Server, certificate, options => options with { MaxDatagramSize = 256 }, asClient ? port : null);
        string[] role = asClient ? ["s_server", "-4", "-accept", $"127.0.0.1:{port}", "-Verify", "1"] : ["s_client", "-connect", $"127.0.0.1:{own.Port}"];
        using var peer = new PeerProcess(
            Peers.Require("openssl"),
            [.. role, "-mtu", "400", .. Common(certificate, "DEFAULT", "SRTP_AEAD_AES_128_GCM")]);
        AssertConversation(own, peer, SrtpProtectionProfile.AeadAes128Gcm);
    }

    [Test]
    public void A_server_that_requires_a_cookie_gets_it()
    {
        using var certificate = PeerCertificate.Create(isRsa: false);
        var port = FreePort.Next();
        using var peer = new PeerProcess(
            Peers.Require("openssl"),
            ["s_server", "-4", "-accept", $"127.0.0.1:{port}", "-listen", "-Verify", "1", .. Common(certificate, "DEFAULT", "SRTP_AEAD_AES_128_GCM")]);
        using var own = new DtlsSocket(Role.Client, certificate, remotePort: port);
        AssertConversation(own, peer, SrtpProtectionProfile.AeadAes128Gcm);
    }

    [Test]
    public void Openssls_renegotiation_is_refused()
    {
        using var certificate = PeerCertificate.Create(isRsa: false);
        using var own = new DtlsSocket(Role.Server, certificate);
        using var peer = new PeerProcess(
            Peers.Require("openssl"), ["s_client", "-connect", $"127.0.0.1:{own.Port}", .. Common(certificate, "DEFAULT", "SRTP_AEAD_AES_128_GCM")]);
        own.Run(() => peer.Says("Keying material: ") && own.Endpoint.State == DtlsState.Connected, () => peer.Output);
        peer.WriteLine("R");

        // OpenSSL answers the no_renegotiation warning with a fatal handshake_failure: it, not this endpoint, ends the connection.
        own.Run(() => own.Endpoint.State == DtlsState.Failed, () => peer.Output);
        Assert.That(own.Endpoint.Error, Is.EqualTo(DtlsErrorKind.AlertReceived));
    }

    private static string[] Common(PeerCertificate certificate, string cipher, string srtp) =>
    [
        "-dtls1_2", "-groups", "X25519:P-256:P-384", "-cert", certificate.CertificateFile, "-key", certificate.KeyFile, "-cipher", cipher, "-use_srtp", srtp,
        "-keymatexport", "EXTRACTOR-dtls_srtp", "-keymatexportlen", "60",
    ];

    private static void AssertConversation(DtlsSocket own, PeerProcess peer, SrtpProtectionProfile profile)
    {
        own.Run(() => own.Endpoint.State == DtlsState.Connected && peer.Says("Keying material: [0-9A-F]+"), () => peer.Output);
        Assert.That(Convert.ToHexString(own.Export(60)), Is.EqualTo(peer.Capture("Keying material: ([0-9A-F]+)")));
        Assert.That(own.Endpoint.NegotiatedSrtpProfile, Is.EqualTo(profile));

        own.Send("from us\n");
        own.Run(() => peer.Says("from us"), () => peer.Output);
        peer.WriteLine("from openssl");
        own.Run(() => own.Received.Contains("from openssl\n", StringComparison.Ordinal), () => peer.Output);

        if (own.Endpoint.Role == Role.Server)
        {
            // s_client says close_notify; s_server just leaves, but notices the one from here.
            peer.WriteLine("Q");
            own.Run(() => own.Endpoint.State == DtlsState.Closed, () => peer.Output);
        }
        else
        {
            own.Close();
            own.Run(() => peer.Says("DONE"), () => peer.Output);
        }
    }
}
