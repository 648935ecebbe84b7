using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>Takes a datagram.</summary>
public delegate void DatagramHandler(Span<byte> datagram, in NetworkPath path, Instant now);
