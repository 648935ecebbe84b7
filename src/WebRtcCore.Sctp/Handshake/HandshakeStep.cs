namespace WebRtcCore.Sctp.Handshake;

/// <summary>What a chunk of the handshake leads to.</summary>
internal enum HandshakeStep
{
    /// <summary>Nothing, and the rest of the packet is not looked at.</summary>
    Discard,

    /// <summary>Nothing new.</summary>
    None,

    /// <summary>The peer is known; its cookie is to be echoed.</summary>
    PeerKnown,

    /// <summary>The peer's cookie has come back: the association is made.</summary>
    Established,

    /// <summary>The same, in place of an older association.</summary>
    Restarted,

    /// <summary>Nothing new: the peer is told again that the association ends.</summary>
    ShuttingDown,

    /// <summary>From the beginning: the cookie had grown stale.</summary>
    BeginAgain,

    /// <summary>The peer asks for what cannot be.</summary>
    Unacceptable,
}
