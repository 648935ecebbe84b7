using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>A channel and the peer that it stands for, at a relay.</summary>
internal sealed record TurnChannelBinding(TurnChannel Channel, TransportAddress Peer, Instant ExpiresAt);
