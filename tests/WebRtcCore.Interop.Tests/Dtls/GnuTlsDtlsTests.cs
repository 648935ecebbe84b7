using WebRtcCore.Dtls;
using WebRtcCore.Interop.Tests.Harness;
using WebRtcCore.Testing;
using Role = WebRtcCore.Dtls.DtlsRole;

namespace WebRtcCore.Interop.Tests.Dtls;

/// <summary>DTLS 1.2 with <c>gnutls-serv</c> (which wants a cookie) and <c>gnutls-cli</c>: equal secrets, data both ways.</summary>
[Category("Interop")]
public class GnuTlsDtlsTests
{
    private static readonly object[] Parameters =
    [
        new object[] { "AES-128-GCM", "GROUP-X25519", false, DtlsCipherSuite.EcdheEcdsaAes128GcmSha256 },
        new object[] { "AES-256-GCM", "GROUP-SECP384R1", false, DtlsCipherSuite.EcdheEcdsaAes256GcmSha384 },
        new object[] { "CHACHA20-POLY1305", "GROUP-SECP256R1", false, DtlsCipherSuite.EcdheEcdsaChaCha20Poly1305Sha256 },
        new object[] { "AES-128-GCM", "GROUP-SECP256R1", true, DtlsCipherSuite.EcdheRsaAes128GcmSha256 },
    ];

    [TestCaseSource(nameof(Parameters))]
    public void As_client_of_gnutls(string cipher, string group, bool isRsa, DtlsCipherSuite suite)
    {
        using var certificate = PeerCertificate.Create(isRsa);
        var port = FreePort.Next();
        using var peer = new PeerProcess(
            Peers.Require("gnutls-serv"),
            ["--port", $"{port}", "--echo", "--require-client-cert", .. Common(certificate, cipher, group)],
            ("SSLKEYLOGFILE", certificate.KeyLogFile));
        using var own = new DtlsSocket(Role.Client, certificate, remotePort: port);
        own.Run(() => own.Endpoint.State == DtlsState.Connected, () => peer.Output);
        Assert.That(own.Endpoint.CipherSuite, Is.EqualTo(suite));
        Assert.That(own.Endpoint.NegotiatedSrtpProfile, Is.EqualTo(SrtpProtectionProfile.Aes128CmHmacSha1_80));
        own.Send("to be echoed\n");
        own.Run(() => own.Received.Contains("to be echoed\n", StringComparison.Ordinal), () => peer.Output);

        // The server prints no keying material; equal master secrets and randoms make equal exporters.
        Assert.That(File.ReadAllText(certificate.KeyLogFile), Does.Contain(own.KeyLogLine!).IgnoreCase);
    }

    [TestCaseSource(nameof(Parameters))]
    public void As_server_of_gnutls(string cipher, string group, bool isRsa, DtlsCipherSuite suite)
    {
        using var certificate = PeerCertificate.Create(isRsa);
        using var own = new DtlsSocket(Role.Server, certificate);
        using var peer = new PeerProcess(
            Peers.Require("gnutls-cli"),
            [
                "--port", $"{own.Port}", "127.0.0.1", "--insecure", "--keymatexport", "EXTRACTOR-dtls_srtp", "--keymatexportsize", "60",
                .. Common(certificate, cipher, group),
            ]);
        own.Run(() => own.Endpoint.State == DtlsState.Connected && peer.Says("Key material: [0-9a-f]+"), () => peer.Output);
        Assert.That(Convert.ToHexStringLower(own.Export(60)), Is.EqualTo(peer.Capture("Key material: ([0-9a-f]+)")));
        Assert.That(own.Endpoint.NegotiatedSrtpProfile, Is.EqualTo(SrtpProtectionProfile.Aes128CmHmacSha1_80));
        Assert.That(own.Endpoint.CipherSuite, Is.EqualTo(isRsa ? DtlsCipherSuite.EcdheEcdsaAes128GcmSha256 : suite), "the own certificate is ECDSA");
        own.Run(() => peer.Says("Simple Client Mode"), () => peer.Output);
        peer.WriteLine("from gnutls");
        own.Run(() => own.Received.Contains("from gnutls\n", StringComparison.Ordinal), () => peer.Output);
        own.Send("from us\n");
        own.Run(() => peer.Says("from us"), () => peer.Output);
    }

    private static string[] Common(PeerCertificate certificate, string cipher, string group) =>
    [
        "--udp", "--x509certfile", certificate.CertificateFile, "--x509keyfile", certificate.KeyFile,
        "--priority", $"NORMAL:-VERS-ALL:+VERS-DTLS1.2:-CIPHER-ALL:+{cipher}:-GROUP-ALL:+{group}", "--srtp-profiles", "SRTP_AES128_CM_HMAC_SHA1_80",
    ];
}
