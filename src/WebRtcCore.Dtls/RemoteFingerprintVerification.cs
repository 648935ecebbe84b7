namespace WebRtcCore.Dtls;

/// <summary>Whether the peer's certificate is compared with the fingerprints from signalling.</summary>
public enum RemoteFingerprintVerification
{
    /// <summary>One of <see cref="DtlsOptions.RemoteFingerprints"/> must match (RFC 8122 5.1); nothing is exported or delivered before.</summary>
    Required,

    /// <summary>
    /// Any certificate is taken. The connection is then encrypted but the peer is not authenticated, unless the owner checks
    /// <see cref="DtlsEndpoint.RemoteCertificateChain"/> itself. Never between peers.
    /// </summary>
    None,
}
