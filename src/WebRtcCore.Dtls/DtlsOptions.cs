namespace WebRtcCore.Dtls;

/// <summary>The settings of a <see cref="DtlsEndpoint"/>. Immutable; the defaults are those tested for WebRTC.</summary>
public sealed record DtlsOptions
{
    internal const int MinDatagramSize = 256;
    private const int LargestDatagramSize = 16_384;

    /// <summary>The own certificate with its private key. Shared, not owned: it must outlive the endpoint.</summary>
    public required DtlsCertificate Certificate { get; init; }

    /// <summary>
    /// The peer's certificate fingerprints from signalling. One match in sha-256, sha-384 or sha-512 suffices; other algorithms are ignored.
    /// Must not be empty while <see cref="RemoteFingerprintVerification"/> is <see cref="RemoteFingerprintVerification.Required"/>.
    /// </summary>
    public IReadOnlyList<DtlsFingerprint> RemoteFingerprints { get; init; } = [];

    /// <summary>Whether <see cref="RemoteFingerprints"/> is checked.</summary>
    public RemoteFingerprintVerification RemoteFingerprintVerification { get; init; } = RemoteFingerprintVerification.Required;

    /// <summary>SRTP profiles, most wanted first; the server's order decides. Empty: use_srtp is neither offered nor answered.</summary>
    public IReadOnlyList<SrtpProtectionProfile> SrtpProfiles { get; init; } =
    [
        SrtpProtectionProfile.AeadAes128Gcm,
        SrtpProtectionProfile.AeadAes256Gcm,
        SrtpProtectionProfile.Aes128CmHmacSha1_80,
        SrtpProtectionProfile.Aes128CmHmacSha1_32,
    ];

    /// <summary>Cipher suites, most wanted first; the server's order decides. Those that the platform lacks are left out.</summary>
    public IReadOnlyList<DtlsCipherSuite> CipherSuites { get; init; } =
    [
        DtlsCipherSuite.EcdheEcdsaAes128GcmSha256,
        DtlsCipherSuite.EcdheRsaAes128GcmSha256,
        DtlsCipherSuite.EcdheEcdsaAes256GcmSha384,
        DtlsCipherSuite.EcdheRsaAes256GcmSha384,
        DtlsCipherSuite.EcdheEcdsaChaCha20Poly1305Sha256,
        DtlsCipherSuite.EcdheRsaChaCha20Poly1305Sha256,
    ];

    /// <summary>
    /// Key exchange groups, most wanted first; the server's order decides. A client should keep the curve of both certificates (P-256) among them: some
    /// servers read the list as the curves that certificates may have, too (RFC 8422 5.1).
    /// </summary>
    public IReadOnlyList<DtlsGroup> Groups { get; init; } = [DtlsGroup.X25519, DtlsGroup.Secp256r1, DtlsGroup.Secp384r1];

    /// <summary>The largest datagram sent during the handshake, in bytes of UDP payload: 256 to 16,384. Larger messages are fragmented.</summary>
    public int MaxDatagramSize { get; init; } = 1200;

    /// <summary>
    /// How long the first copy of a flight is waited for. Much shorter than RFC 6347's 1 s because ICE has proven the path and knows its round trip
    /// time (<see cref="DtlsEndpoint.SetRoundTripTime"/>).
    /// </summary>
    public TimeSpan InitialRetransmissionTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The timeout doubles with each retransmission of a flight up to this value.</summary>
    public TimeSpan MaxRetransmissionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the whole handshake may take: from <see cref="DtlsEndpoint.Start"/> for a client, from the first ClientHello for a server.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Receives one line of the NSS key log format (<c>CLIENT_RANDOM ...</c>) when the keys are known. Whoever has the line can decrypt the connection: for debugging only.
    /// </summary>
    public Action<string>? KeyLog { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Certificate);
        if (RemoteFingerprintVerification != RemoteFingerprintVerification.None && RemoteFingerprints.Count == 0)
        {
            throw new ArgumentException("There is no remote fingerprint to verify, and verification is required.");
        }

        if (Groups.Count == 0 || !CipherSuites.Any(suite => Crypto.CipherSuiteInfo.Find(suite) is { IsSupported: true }))
        {
            throw new ArgumentException("At least one supported cipher suite and one group are needed.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDatagramSize, MinDatagramSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxDatagramSize, LargestDatagramSize);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(InitialRetransmissionTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxRetransmissionTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HandshakeTimeout, TimeSpan.Zero);
    }
}
