namespace WebRtcCore.Diagnostics;

/// <summary>Why a datagram went no further.</summary>
internal enum DropReason
{
    /// <summary>The connection's inbox was full.</summary>
    InboxFull,

    /// <summary>The kernel's send buffer was full.</summary>
    SendBufferFull,

    /// <summary>The kernel refused to send: no route, too large, not permitted.</summary>
    SendFailed,

    /// <summary>Larger than the receive buffer.</summary>
    Truncated,

    /// <summary>Its first byte belongs to no protocol (RFC 7983), or it is too short for its own.</summary>
    Unrecognized,

    /// <summary>It came on a path that ICE has not validated.</summary>
    UnvalidatedPath,

    /// <summary>It came to a shared port and was for none of its connections.</summary>
    UnknownSource,

    /// <summary>It did not authenticate, or its keys are not known yet.</summary>
    NotAuthenticated,
}
