namespace WebRtcCore.Stun;

/// <summary>Error codes of STUN and ICE (RFC 8489, 14.8; RFC 8445, 16.2). Unknown values are kept.</summary>
public enum StunErrorCode
{
    /// <summary>Ask ALTERNATE-SERVER.</summary>
    TryAlternate = 300,

    /// <summary>The request is malformed.</summary>
    BadRequest = 400,

    /// <summary>The credentials are missing or wrong.</summary>
    Unauthenticated = 401,

    /// <summary>An attribute that must be understood is not.</summary>
    UnknownAttribute = 420,

    /// <summary>The nonce has expired.</summary>
    StaleNonce = 438,

    /// <summary>Both ICE agents have the same role.</summary>
    RoleConflict = 487,

    /// <summary>The server failed; try again.</summary>
    ServerError = 500,
}
