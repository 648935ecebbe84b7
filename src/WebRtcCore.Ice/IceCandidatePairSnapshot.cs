using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>A candidate pair at one moment, for statistics (W3C <c>RTCIceCandidatePairStats</c>).</summary>
public sealed record IceCandidatePairSnapshot
{
    /// <summary>Tells pairs of one agent apart; never used twice.</summary>
    public required int Id { get; init; }

    /// <summary>The local candidate; the same object that <see cref="IceAgent.GetLocalCandidates"/> lists.</summary>
    public required IceCandidate Local { get; init; }

    /// <summary>The remote candidate; the same object that <see cref="IceAgent.GetRemoteCandidates"/> lists.</summary>
    public required IceCandidate Remote { get; init; }

    /// <summary>The local socket and the remote address that checks go from and to.</summary>
    public required NetworkPath Path { get; init; }

    /// <summary>The pair's state.</summary>
    public required IceCandidatePairState State { get; init; }

    /// <summary>The pair's priority (RFC 8445, 6.1.2.3).</summary>
    public required ulong Priority { get; init; }

    /// <summary>Whether the controlling agent chose the pair.</summary>
    public required bool IsNominated { get; init; }

    /// <summary>Whether data goes here now.</summary>
    public required bool IsSelected { get; init; }

    /// <summary>Connectivity check requests sent, retransmissions included, consent checks not.</summary>
    public required long RequestsSent { get; init; }

    /// <summary>Authenticated requests received.</summary>
    public required long RequestsReceived { get; init; }

    /// <summary>Responses sent.</summary>
    public required long ResponsesSent { get; init; }

    /// <summary>Valid responses received.</summary>
    public required long ResponsesReceived { get; init; }

    /// <summary>Consent checks sent.</summary>
    public required long ConsentRequestsSent { get; init; }

    /// <summary>The latest round-trip time, or <see langword="null"/> if none was measured.</summary>
    public required TimeSpan? CurrentRoundTripTime { get; init; }

    /// <summary>The sum of all round-trip times measured.</summary>
    public required TimeSpan TotalRoundTripTime { get; init; }
}
