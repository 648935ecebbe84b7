using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>An address to bind, and what using its network costs.</summary>
/// <param name="Address">With port 0.</param>
/// <param name="NetworkCost">As libwebrtc counts: 0 for cables, 10 for Wi-Fi, 900 for cellular networks, 50 if unknown.</param>
internal readonly record struct LocalAddress(TransportAddress Address, int NetworkCost);
