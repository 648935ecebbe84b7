using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>Where an agent has host candidates over TCP (RFC 6544, 4.1).</summary>
/// <param name="Address">For <see cref="IceTcpType.Passive"/>: what the owner listens on. For <see cref="IceTcpType.Active"/>: the local address, whose port is <see cref="IceTcpStreams.ActivePort"/>.</param>
/// <param name="Type">Active or passive; <see cref="IceTcpType.SimultaneousOpen"/> is not gathered.</param>
public readonly record struct IceTcpHost(TransportAddress Address, IceTcpType Type);
