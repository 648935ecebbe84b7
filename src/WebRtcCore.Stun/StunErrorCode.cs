namespace WebRtcCore.Stun;

/// <summary>Error codes of STUN, ICE and TURN (RFC 8489, 14.8; RFC 8445, 16.2; RFC 8656, 19). Unknown values are kept.</summary>
public enum StunErrorCode
{
    /// <summary>Ask ALTERNATE-SERVER.</summary>
    TryAlternate = 300,

    /// <summary>The request is malformed.</summary>
    BadRequest = 400,

    /// <summary>The credentials are missing or wrong.</summary>
    Unauthenticated = 401,

    /// <summary>The request is well-formed and not allowed (TURN).</summary>
    Forbidden = 403,

    /// <summary>An attribute that must be understood is not.</summary>
    UnknownAttribute = 420,

    /// <summary>There is no allocation for the request, or there is one already (TURN).</summary>
    AllocationMismatch = 437,

    /// <summary>The nonce has expired.</summary>
    StaleNonce = 438,

    /// <summary>The server has no relayed addresses of this family (TURN).</summary>
    AddressFamilyNotSupported = 440,

    /// <summary>The credentials are not those that the allocation was made with (TURN).</summary>
    WrongCredentials = 441,

    /// <summary>The server does not relay over this transport (TURN).</summary>
    UnsupportedTransportProtocol = 442,

    /// <summary>The peer's address has another family than the relayed one (TURN).</summary>
    PeerAddressFamilyMismatch = 443,

    /// <summary>The user has as many allocations as the server grants (TURN).</summary>
    AllocationQuotaReached = 486,

    /// <summary>Both ICE agents have the same role.</summary>
    RoleConflict = 487,

    /// <summary>The server failed; try again.</summary>
    ServerError = 500,

    /// <summary>The server has no address or port left (TURN).</summary>
    InsufficientCapacity = 508,
}
