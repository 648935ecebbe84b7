using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Send;

/// <summary>What a congestion controller is told of a SACK outside of fast recovery.</summary>
/// <param name="Bytes">Bytes acknowledged for the first time.</param>
/// <param name="WasLimiting">Whether the window, and not a lack of data, held sending back.</param>
/// <param name="IsRoundOver">Whether everything that was under way when the last round ended is acknowledged now.</param>
/// <param name="Sample">The round-trip time that the SACK measured, if it did.</param>
/// <param name="Smoothed">The smoothed round-trip time.</param>
/// <param name="Now">The present.</param>
internal readonly record struct Acknowledgement(int Bytes, bool WasLimiting, bool IsRoundOver, TimeSpan? Sample, TimeSpan Smoothed, Instant Now);
