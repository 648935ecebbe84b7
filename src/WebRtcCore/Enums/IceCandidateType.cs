namespace WebRtcCore;

/// <summary>W3C <c>RTCIceCandidateType</c>.</summary>
public enum IceCandidateType
{
    /// <summary>An address of the host itself.</summary>
    Host,

    /// <summary>As a STUN server saw it.</summary>
    ServerReflexive,

    /// <summary>As the peer saw it.</summary>
    PeerReflexive,

    /// <summary>An address at a TURN server.</summary>
    Relay,
}
