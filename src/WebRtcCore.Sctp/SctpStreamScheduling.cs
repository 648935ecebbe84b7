namespace WebRtcCore.Sctp;

/// <summary>
/// Which stream is served next (RFC 8260, 3). With I-DATA the choice is made for every fragment, so that a large message does not hold up others; without it
/// for every message.
/// </summary>
public enum SctpStreamScheduling
{
    /// <summary>Streams share the association in proportion to their priorities, counted in bytes (RFC 8260, 3.6; RFC 8831, 6.4).</summary>
    WeightedFair,

    /// <summary>Streams take turns whatever their priorities (RFC 8260, 3.2 and 3.3).</summary>
    RoundRobin,
}
