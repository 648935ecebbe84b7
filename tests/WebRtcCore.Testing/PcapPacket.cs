using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>One packet of a capture.</summary>
/// <param name="Time">Since the first packet of the file.</param>
/// <param name="Protocol">UDP or SCTP.</param>
/// <param name="Source">The sender; for SCTP only the port means something.</param>
/// <param name="Destination">The receiver; for SCTP only the port means something.</param>
/// <param name="Payload">UDP payload, or the whole SCTP packet.</param>
public sealed record PcapPacket(TimeSpan Time, PcapProtocol Protocol, TransportAddress Source, TransportAddress Destination, byte[] Payload);
