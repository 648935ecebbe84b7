using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>A local candidate with what is not signalled: its base and its local preference.</summary>
internal sealed record LocalCandidate(IceCandidate Candidate, TransportAddress Base, int LocalPreference)
{
    /// <summary>The priority that the candidate's base would have if a check showed it to the peer (RFC 8445, 7.1.1).</summary>
    public uint PeerReflexivePriority => Candidate.Protocol == TransportProtocol.Tcp
        ? TcpPriority.ForCandidate(IceCandidateType.PeerReflexive, LocalPreference)
        : CandidatePriority.ForCandidate(IceCandidateType.PeerReflexive, LocalPreference);
}
