using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>What a datagram from a TURN server held.</summary>
/// <param name="Offset">Where the peer's data begins in it.</param>
/// <param name="Length">How long the data is; 0 if there was none and the datagram is done with.</param>
/// <param name="Path">The relayed address and the peer: the path that the data belongs to.</param>
public readonly record struct IceRelayedData(int Offset, int Length, NetworkPath Path);
