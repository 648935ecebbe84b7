using WebRtcCore.Primitives;

namespace WebRtcCore.Dns;

/// <summary>How the search for a name has ended.</summary>
/// <param name="Name">The name as it was asked for.</param>
/// <param name="Address">Its address, without a port; none if nobody has answered.</param>
internal readonly record struct MulticastNameResult(string Name, TransportAddress Address);
