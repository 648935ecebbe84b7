namespace WebRtcCore.Stun;

/// <summary>Why a TURN server did not do what it was asked.</summary>
public enum TurnErrorKind
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>No answer came.</summary>
    Timeout,

    /// <summary>The server names another one (300): <see cref="TurnError.AlternateServer"/>.</summary>
    TryAlternate,

    /// <summary>The credentials are missing or wrong (401).</summary>
    Unauthorized,

    /// <summary>It is forbidden (403).</summary>
    Forbidden,

    /// <summary>The allocation is gone, or there is an old one on this port (437).</summary>
    AllocationMismatch,

    /// <summary>The server has no relayed address of the family asked for (440).</summary>
    AddressFamilyNotSupported,

    /// <summary>The allocation belongs to other credentials (441).</summary>
    WrongCredentials,

    /// <summary>The server does not relay UDP (442).</summary>
    UnsupportedTransport,

    /// <summary>The peer's address family differs from that of the allocation (443).</summary>
    PeerAddressFamilyMismatch,

    /// <summary>The user has too many allocations (486).</summary>
    QuotaReached,

    /// <summary>The server is full (508). It should be left alone for a minute.</summary>
    InsufficientCapacity,

    /// <summary>The answer is not one that the protocol allows, or asks for what is not known here.</summary>
    BadAnswer,

    /// <summary>Another error code.</summary>
    Other,
}
