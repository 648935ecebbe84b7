namespace WebRtcCore.Sctp.Handshake;

/// <summary>What a COOKIE ECHO means (RFC 9260, 5.1.5 and 5.2.4).</summary>
internal enum CookieOutcome
{
    /// <summary>Nothing: forged, for another association, or a late duplicate.</summary>
    Discard,

    /// <summary>Authentic but too old.</summary>
    Stale,

    /// <summary>The association is made.</summary>
    Establish,

    /// <summary>It exists already; the peer wants to hear COOKIE ACK again.</summary>
    Confirm,

    /// <summary>The peer has lost its state and starts anew.</summary>
    Restart,

    /// <summary>The same, but the association is at its end: that comes first.</summary>
    ShuttingDown,
}
