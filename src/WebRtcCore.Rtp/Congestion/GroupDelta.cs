using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>How one group of packets differs from the one before.</summary>
/// <param name="SendMilliseconds">How much later it was sent.</param>
/// <param name="ArrivalMilliseconds">How much later it arrived.</param>
/// <param name="Arrived">When it was complete, by the peer's clock.</param>
internal readonly record struct GroupDelta(double SendMilliseconds, double ArrivalMilliseconds, Instant Arrived);
