namespace WebRtcCore.Sctp;

/// <summary>How a message is to be sent.</summary>
/// <param name="PayloadProtocolId">What the message is to the layer above.</param>
/// <param name="IsUnordered">Whether it may overtake others of its stream.</param>
/// <param name="MaxRetransmissions">How often a fragment is sent again before the message is given up (RFC 7496, 3.1).</param>
/// <param name="Lifetime">How long the message is tried (RFC 3758, 4).</param>
/// <param name="IsControl">Whether the stream's buffered amount leaves it out.</param>
public readonly record struct SctpSendParameters(
    uint PayloadProtocolId,
    bool IsUnordered = false,
    int? MaxRetransmissions = null,
    TimeSpan? Lifetime = null,
    bool IsControl = false);
