namespace WebRtcCore.Rtp.Receive;

/// <summary>How a packet came in.</summary>
internal enum PacketOrigin
{
    /// <summary>As it was sent.</summary>
    Original,

    /// <summary>As a retransmission.</summary>
    Retransmission,

    /// <summary>Not at all: it was recovered from redundancy or repair packets.</summary>
    Recovered,
}
