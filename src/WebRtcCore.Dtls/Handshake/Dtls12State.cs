namespace WebRtcCore.Dtls.Handshake;

/// <summary>What a DTLS 1.2 handshake waits for. Each role goes through those that its own diagram names.</summary>
internal enum Dtls12State
{
    ExpectClientHello,
    ExpectServerHello,
    ExpectCertificate,
    ExpectServerKeyExchange,
    ExpectCertificateRequest,
    ExpectServerHelloDone,
    ExpectClientKeyExchange,
    ExpectCertificateVerify,
    ExpectFinished,
    Complete,
}
