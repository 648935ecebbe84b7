using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>A datagram as its sender hands it to the virtual network, before a NAT or the link has touched it.</summary>
/// <param name="Index">0 for the first of the whole run.</param>
/// <param name="From">The sender.</param>
/// <param name="IndexOfSender">0 for the sender's first.</param>
/// <param name="Path">The sender's view of the path.</param>
/// <param name="Bytes">The content; may be changed.</param>
/// <param name="SentAt">When.</param>
/// <param name="Kind">Whether it may be cut into fragments on its way.</param>
public sealed record VirtualDatagram(int Index, VirtualHost From, int IndexOfSender, NetworkPath Path, Memory<byte> Bytes, Instant SentAt, TransmitKind Kind = TransmitKind.Normal);
