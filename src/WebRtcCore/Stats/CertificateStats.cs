namespace WebRtcCore;

/// <summary>W3C <c>RTCCertificateStats</c> (<c>certificate</c>).</summary>
public sealed record CertificateStats() : RtcStats(StatsType.Certificate)
{
    /// <summary>The fingerprint: upper-case hexadecimal pairs joined by colons.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The fingerprint's hash function, for example <c>sha-256</c>.</summary>
    public string? FingerprintAlgorithm { get; init; }

    /// <summary>The certificate's DER bytes in Base64.</summary>
    public string? Base64Certificate { get; init; }

    /// <summary>The id of the issuer's entry where there is a chain.</summary>
    public string? IssuerCertificateId { get; init; }
}
