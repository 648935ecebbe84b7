namespace WebRtcCore;

/// <summary>A candidate of this side (<c>local-candidate</c>).</summary>
public sealed record LocalCandidateStats() : IceCandidateStats(StatsType.LocalCandidate);
