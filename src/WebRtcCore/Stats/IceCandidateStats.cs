namespace WebRtcCore;

/// <summary>W3C <c>RTCIceCandidateStats</c>: what <see cref="LocalCandidateStats"/> and <see cref="RemoteCandidateStats"/> share.</summary>
public abstract record IceCandidateStats : RtcStats
{
    private protected IceCandidateStats(StatsType type)
        : base(type)
    {
    }

    /// <summary>The id of the candidate's <see cref="TransportStats"/>.</summary>
    public string? TransportId { get; init; }

    /// <summary>The address, IPv4 or IPv6, or a host name ending in <c>.local</c>.</summary>
    public string? Address { get; init; }

    /// <summary>The port.</summary>
    public int? Port { get; init; }

    /// <summary>UDP or TCP.</summary>
    public IceProtocol? Protocol { get; init; }

    /// <summary>How the candidate was found.</summary>
    public IceCandidateType? CandidateType { get; init; }

    /// <summary>The candidate's priority (RFC 8445 5.1.2).</summary>
    public uint? Priority { get; init; }

    /// <summary>The STUN or TURN server that it came from.</summary>
    public string? Url { get; init; }

    /// <summary>How the TURN server is spoken to: <c>udp</c>, <c>tcp</c> or <c>tls</c>.</summary>
    public string? RelayProtocol { get; init; }

    /// <summary>The foundation (RFC 8445 5.1.1.3).</summary>
    public string? Foundation { get; init; }

    /// <summary>The address that a reflexive or relayed candidate stands for.</summary>
    public string? RelatedAddress { get; init; }

    /// <summary>The port that belongs to <see cref="RelatedAddress"/>.</summary>
    public int? RelatedPort { get; init; }

    /// <summary>The username fragment that the candidate belongs to.</summary>
    public string? UsernameFragment { get; init; }

    /// <summary>Which side opens the connection, for TCP.</summary>
    public IceTcpCandidateType? TcpType { get; init; }
}
