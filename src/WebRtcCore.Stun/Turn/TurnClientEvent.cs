using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>What a <see cref="TurnClient"/> has to tell.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Peer">The peer that it is about; for permissions one of those with the IP address.</param>
/// <param name="Error">Why, where something did not work.</param>
public readonly record struct TurnClientEvent(TurnClientEventKind Kind, TransportAddress Peer = default, TurnError? Error = null);
