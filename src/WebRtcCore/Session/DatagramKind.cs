namespace WebRtcCore.Session;

/// <summary>What a datagram carries.</summary>
internal enum DatagramKind
{
    /// <summary>Nothing known; dropped.</summary>
    Unknown,

    /// <summary>STUN.</summary>
    Stun,

    /// <summary>Data on a TURN channel; it comes from TURN servers only.</summary>
    TurnChannel,

    /// <summary>A DTLS record.</summary>
    Dtls,

    /// <summary>SRTP.</summary>
    Rtp,

    /// <summary>SRTCP.</summary>
    Rtcp,
}
