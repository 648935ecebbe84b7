namespace WebRtcCore.Dtls;

/// <summary>Where an association is, in the order in which it gets there; the values of W3C <c>RTCDtlsTransportState</c>.</summary>
public enum DtlsState
{
    /// <summary>Not started.</summary>
    New,

    /// <summary>The handshake is under way; the remote fingerprint may not have been verified yet.</summary>
    Connecting,

    /// <summary>Both Finished messages are verified; keys may be exported and application data flows.</summary>
    Connected,

    /// <summary>Closed by <see cref="DtlsEndpoint.Close"/> or by the peer's close_notify.</summary>
    Closed,

    /// <summary>Failed; <see cref="DtlsEndpoint.Error"/> says why.</summary>
    Failed,
}
