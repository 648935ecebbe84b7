using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>Gives a datagram.</summary>
public delegate bool TransmitPoller(Span<byte> destination, out Transmit transmit);
