namespace WebRtcCore.Ice;

/// <summary>Why input was dropped without a word.</summary>
public enum IceDropReason
{
    /// <summary>Not a well-formed STUN message, or one that ICE has no use for.</summary>
    Malformed,

    /// <summary>The FINGERPRINT is missing or wrong.</summary>
    BadFingerprint,

    /// <summary>USERNAME is missing, or names another agent or a generation that has ended.</summary>
    UnknownUsername,

    /// <summary>MESSAGE-INTEGRITY is missing or wrong.</summary>
    BadIntegrity,

    /// <summary>A response to no request of ours, or to one that has ended.</summary>
    UnknownTransaction,

    /// <summary>A response from an address that the request did not go to.</summary>
    WrongSource,

    /// <summary>It came in on a socket that this agent does not know, or after the agent failed or was closed.</summary>
    NotExpected,

    /// <summary>A table is full.</summary>
    LimitReached,

    /// <summary>A remote candidate that cannot be used here: component 2, TCP, a name, a wildcard or multicast address.</summary>
    UnusableCandidate,
}
