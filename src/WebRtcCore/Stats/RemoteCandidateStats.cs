namespace WebRtcCore;

/// <summary>A candidate of the peer (<c>remote-candidate</c>).</summary>
public sealed record RemoteCandidateStats() : IceCandidateStats(StatsType.RemoteCandidate);
