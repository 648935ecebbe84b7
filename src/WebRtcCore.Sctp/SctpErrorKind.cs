namespace WebRtcCore.Sctp;

/// <summary>Why an association or a channel ended.</summary>
public enum SctpErrorKind
{
    /// <summary>The peer sent ABORT; <see cref="SctpError.CauseCode"/> has its first cause.</summary>
    AbortedByPeer,

    /// <summary>The peer does not answer: the limit of retransmissions was reached.</summary>
    PeerUnreachable,

    /// <summary>The peer broke the protocol in a way that ends the association.</summary>
    ProtocolViolation,

    /// <summary>The peer has lost its state and associated anew (RFC 9260, 5.2.4.1): what was in flight is lost.</summary>
    PeerRestarted,

    /// <summary>The peer sent a message larger than what was announced to it; the channel is closed.</summary>
    ReceivedMessageTooLarge,

    /// <summary>No stream id is left, or the id is taken or beyond the negotiated number of streams.</summary>
    StreamIdUnavailable,

    /// <summary>The peer sent something on the channel that a data channel does not carry (unknown payload protocol, malformed control message, invalid UTF-8).</summary>
    InvalidData,

    /// <summary>The peer refused to reset the channel's stream.</summary>
    ResetFailed,
}
