namespace WebRtcCore.Dtls.Handshake;

/// <summary>The timers of an endpoint.</summary>
internal enum DtlsTimer
{
    /// <summary>The current flight has not been answered.</summary>
    Retransmission,

    /// <summary>The handshake has taken too long.</summary>
    Handshake,
}
