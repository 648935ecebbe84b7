namespace WebRtcCore.Sctp;

/// <summary>
/// The states of an association (RFC 9260, 4), in protocol order.
/// <see cref="New"/> to <see cref="CookieEchoed"/> are the W3C's "connecting", <see cref="Established"/> to <see cref="ShutdownAckSent"/> its "connected".
/// </summary>
public enum SctpAssociationState
{
    /// <summary>Nothing has been sent. A peer that associates first is answered.</summary>
    New,

    /// <summary>INIT has been sent.</summary>
    CookieWait,

    /// <summary>COOKIE ECHO has been sent.</summary>
    CookieEchoed,

    /// <summary>Data flows.</summary>
    Established,

    /// <summary>Shutdown was asked for here; waiting for all data to be acknowledged.</summary>
    ShutdownPending,

    /// <summary>SHUTDOWN has been sent.</summary>
    ShutdownSent,

    /// <summary>The peer has sent SHUTDOWN; waiting for all data sent here to be acknowledged.</summary>
    ShutdownReceived,

    /// <summary>SHUTDOWN ACK has been sent.</summary>
    ShutdownAckSent,

    /// <summary>The end, whatever the reason.</summary>
    Closed,
}
