namespace WebRtcCore.Sctp.Control;

/// <summary>The timers of the hub; those of sending, SACKs, resets and heartbeats belong to their collaborators.</summary>
internal enum AssociationTimer
{
    /// <summary>T1: INIT or COOKIE ECHO is unanswered.</summary>
    Handshake,

    /// <summary>T2: SHUTDOWN or SHUTDOWN ACK is unanswered.</summary>
    Shutdown,
}
