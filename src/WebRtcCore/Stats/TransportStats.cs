namespace WebRtcCore;

/// <summary>W3C <c>RTCTransportStats</c> (<c>transport</c>): an ICE transport and the DTLS transport on it.</summary>
public sealed record TransportStats() : RtcStats(StatsType.Transport)
{
    /// <summary>Packets sent over this transport.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Packets received over this transport.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Payload bytes sent, without IP and UDP headers.</summary>
    public long BytesSent { get; init; }

    /// <summary>Payload bytes received, without IP and UDP headers.</summary>
    public long BytesReceived { get; init; }

    /// <summary>This side's ICE role.</summary>
    public IceRole? IceRole { get; init; }

    /// <summary>This side's ICE username fragment.</summary>
    public string? IceLocalUsernameFragment { get; init; }

    /// <summary>The ICE state.</summary>
    public IceTransportState? IceState { get; init; }

    /// <summary>The DTLS state.</summary>
    public DtlsTransportState? DtlsState { get; init; }

    /// <summary>This side's DTLS role.</summary>
    public DtlsRole? DtlsRole { get; init; }

    /// <summary>The negotiated version as four hexadecimal digits: <c>FEFD</c> is DTLS 1.2, <c>FEFC</c> is DTLS 1.3.</summary>
    public string? TlsVersion { get; init; }

    /// <summary>The cipher suite in use, by its IANA name.</summary>
    public string? DtlsCipher { get; init; }

    /// <summary>The SRTP protection profile in use, by its IANA name.</summary>
    public string? SrtpCipher { get; init; }

    /// <summary>The id of the selected pair's <see cref="IceCandidatePairStats"/>.</summary>
    public string? SelectedCandidatePairId { get; init; }

    /// <summary>How often the selected pair has changed, the first selection included.</summary>
    public long? SelectedCandidatePairChanges { get; init; }

    /// <summary>The id of this side's <see cref="CertificateStats"/>.</summary>
    public string? LocalCertificateId { get; init; }

    /// <summary>The id of the peer's <see cref="CertificateStats"/>.</summary>
    public string? RemoteCertificateId { get; init; }
}
