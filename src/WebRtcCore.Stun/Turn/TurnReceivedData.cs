using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>Where in a datagram from a TURN server the data of a peer lies.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Peer">Who sent it; has a permission.</param>
public readonly record struct TurnReceivedData(int Offset, int Length, TransportAddress Peer);
