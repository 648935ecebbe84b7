using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>A STUN server to ask for server-reflexive candidates.</summary>
/// <param name="Address">Its resolved address; none if its name was not found, which is reported.</param>
/// <param name="Url">Its URL (RFC 7064), for reports.</param>
public sealed record StunServer(TransportAddress Address, string Url);
