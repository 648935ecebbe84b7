namespace WebRtcCore.Ice;

/// <summary>How a candidate was learned (RFC 8445, 5.1.1).</summary>
public enum IceCandidateType
{
    /// <summary>The address of a local socket.</summary>
    Host,

    /// <summary>The address that a STUN server saw.</summary>
    ServerReflexive,

    /// <summary>The address that the peer saw during a check.</summary>
    PeerReflexive,

    /// <summary>An address on a TURN server.</summary>
    Relay,
}
