using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>A socket to gather from.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Rank">Its place in the order of preference, the cost of its network counted in.</param>
internal readonly record struct GatheringHost(TransportAddress Address, int Rank);
