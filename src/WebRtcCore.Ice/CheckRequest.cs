using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>An authenticated check of the peer: what its triggered check needs (RFC 8445, 7.3.1.4).</summary>
/// <param name="Path">Where it came in and where from.</param>
/// <param name="Priority">The PRIORITY that it states.</param>
/// <param name="Nomination">The number of the nomination that it carries: 1 for USE-CANDIDATE, 0 for none.</param>
internal readonly record struct CheckRequest(NetworkPath Path, uint Priority, uint Nomination);
