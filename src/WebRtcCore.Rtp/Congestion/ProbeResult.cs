namespace WebRtcCore.Rtp.Congestion;

/// <summary>What a probe cluster has shown.</summary>
/// <param name="Cluster">Its number.</param>
/// <param name="BitrateBps">Bits per second that the path carried.</param>
/// <param name="IsSaturated">Whether the packets arrived slower than they left: the path carries no more.</param>
internal readonly record struct ProbeResult(int Cluster, long BitrateBps, bool IsSaturated);
