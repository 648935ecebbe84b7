using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>An authenticated check of the peer: what its triggered check needs (RFC 8445, 7.3.1.4).</summary>
/// <param name="Path">Where it came in and where from.</param>
/// <param name="Priority">The PRIORITY that it states.</param>
/// <param name="IsNominating">Whether it carries USE-CANDIDATE.</param>
internal readonly record struct CheckRequest(NetworkPath Path, uint Priority, bool IsNominating);
