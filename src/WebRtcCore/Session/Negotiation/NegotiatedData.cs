namespace WebRtcCore.Session.Negotiation;

/// <summary>The data m-line.</summary>
/// <param name="Mid">Its mid.</param>
/// <param name="RemotePort">The peer's SCTP port (RFC 8841).</param>
/// <param name="RemoteMaxMessageSize">The largest message, in bytes, that the peer accepts; <see cref="long.MaxValue"/> for no limit.</param>
internal sealed record NegotiatedData(string Mid, ushort RemotePort, long RemoteMaxMessageSize);
