using WebRtcCore.Dtls;
using Role = WebRtcCore.Dtls.DtlsRole;

namespace WebRtcCore.Interop.Tests.Dtls;

/// <summary>DTLS 1.2 with BouncyCastle's own protocol classes as the peer, in both roles.</summary>
[Category("Interop")]
public class BouncyCastleDtlsTests
{
    private static readonly DtlsCipherSuite[] EcdsaSuites =
    [
        DtlsCipherSuite.EcdheEcdsaAes128GcmSha256, DtlsCipherSuite.EcdheEcdsaAes256GcmSha384, DtlsCipherSuite.EcdheEcdsaChaCha20Poly1305Sha256,
    ];

    [TestCaseSource(nameof(EcdsaSuites))]
    [TestCase(DtlsCipherSuite.EcdheRsaAes128GcmSha256)]
    public void As_client_of_bouncycastle(DtlsCipherSuite suite)
    {
        using var certificate = PeerCertificate.Create(isRsa: suite == DtlsCipherSuite.EcdheRsaAes128GcmSha256);
        using var peer = new BouncyCastlePeer(isServer: true, certificate, (int)suite);
        using var own = new DtlsSocket(Role.Client, certificate, remotePort: peer.Port);
        AssertConversation(own, peer, suite);
    }

    [TestCaseSource(nameof(EcdsaSuites))]
    public void As_server_of_bouncycastle(DtlsCipherSuite suite)
    {
        using var certificate = PeerCertificate.Create(isRsa: false);
        using var own = new DtlsSocket(Role.Server, certificate);
        using var peer = new BouncyCastlePeer(isServer: false, certificate, (int)suite, own.Port);
        AssertConversation(own, peer, suite);
    }

    private static void AssertConversation(DtlsSocket own, BouncyCastlePeer peer, DtlsCipherSuite suite)
    {
        own.Run(() => own.Endpoint.State == DtlsState.Connected && peer.KeyingMaterial is not null, () => $"{peer.Failure}");
        Assert.That(own.Export(60), Is.EqualTo(peer.KeyingMaterial));
        Assert.That(own.Endpoint.CipherSuite, Is.EqualTo(suite));
        Assert.That(own.Endpoint.NegotiatedSrtpProfile, Is.EqualTo(SrtpProtectionProfile.AeadAes128Gcm));
        own.Send("ping");
        own.Run(() => own.Received == "PING", () => $"{peer.Failure}");
    }
}
