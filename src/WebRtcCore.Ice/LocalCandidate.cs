using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>A local candidate with what is not signalled: its base and its local preference.</summary>
internal sealed record LocalCandidate(IceCandidate Candidate, TransportAddress Base, int LocalPreference);
