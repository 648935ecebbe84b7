namespace WebRtcCore.Transport;

/// <summary>What became of a datagram that a socket was given.</summary>
internal enum SendOutcome
{
    /// <summary>The system took it.</summary>
    Sent,

    /// <summary>The system did not take it: a full buffer, no route, a socket that is closed.</summary>
    NotSent,

    /// <summary>It is larger than the first link carries, or must not be cut and the platform cannot promise that.</summary>
    TooLarge,
}
