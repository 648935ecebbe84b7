namespace WebRtcCore.Session;

/// <summary>What a datagram carries.</summary>
internal enum DatagramKind
{
    /// <summary>Nothing known; dropped.</summary>
    Unknown,

    /// <summary>STUN.</summary>
    Stun,

    /// <summary>A DTLS record.</summary>
    Dtls,

    /// <summary>SRTP.</summary>
    Rtp,

    /// <summary>SRTCP.</summary>
    Rtcp,
}
