using WebRtcCore.Dtls;

namespace WebRtcCore;

/// <summary>W3C <c>RTCCertificate</c>: an ECDSA P-256 key with a self-signed certificate. Made by <see cref="PeerConnection.GenerateCertificateAsync(CancellationToken)"/>; connections may share one.</summary>
public sealed class Certificate : IDisposable
{
    internal Certificate(DtlsCertificate core) => Core = core;

    /// <summary>Until when the certificate is valid; connections cannot be made with it after that.</summary>
    public DateTimeOffset Expires => Core.Expires;

    internal DtlsCertificate Core { get; }

    /// <summary>The fingerprints as they stand in the description.</summary>
    public IReadOnlyList<DtlsFingerprint> GetFingerprints() => Core.GetFingerprints();

    /// <summary>Releases the private key; connections that use it must be closed before.</summary>
    public void Dispose() => Core.Dispose();
}
