using WebRtcCore.Primitives;

namespace WebRtcCore.Transport;

/// <summary>What the search for a server has found.</summary>
/// <param name="Addresses">Best first; empty if there are none.</param>
/// <param name="Failure">Why there are none, as a sentence for people.</param>
internal sealed record ServerAddresses(IReadOnlyList<TransportAddress> Addresses, string Failure = "");
