namespace WebRtcCore;

/// <summary>W3C <c>RTCDtlsTransportState</c>.</summary>
public enum DtlsTransportState
{
    /// <summary>The handshake has not begun.</summary>
    New,

    /// <summary>The handshake is under way.</summary>
    Connecting,

    /// <summary>Secured, and the peer is the one that its fingerprint says.</summary>
    Connected,

    /// <summary>Closed by close_notify or locally.</summary>
    Closed,

    /// <summary>The handshake or the verification failed.</summary>
    Failed,
}
