namespace WebRtcCore.Dtls.Handshake;

/// <summary>What a handshake made of a message.</summary>
internal readonly record struct HandshakeStep
{
    private HandshakeStep(StepOutcome outcome) => Outcome = outcome;

    /// <summary>The verdict.</summary>
    public StepOutcome Outcome { get; }

    /// <summary>A new flight is ready to go out; the one before is answered.</summary>
    public bool HasNewFlight { get; private init; }

    /// <summary>Why it failed or was refused.</summary>
    public DtlsErrorKind Error { get; private init; }

    /// <summary>The alert to send.</summary>
    public DtlsAlertDescription Alert { get; private init; }

    /// <summary>Accepted; wait for the next message.</summary>
    public static HandshakeStep Accept { get; } = new(StepOutcome.Accepted);

    /// <summary>Accepted, and a new flight goes out.</summary>
    public static HandshakeStep AcceptAndSend { get; } = new(StepOutcome.Accepted) { HasNewFlight = true };

    /// <summary>Unreadable or unauthenticated where it must not be: as if it had never arrived.</summary>
    public static HandshakeStep Discard { get; } = new(StepOutcome.Discarded);

    /// <summary>The handshake has failed.</summary>
    public static HandshakeStep Fail(DtlsErrorKind error, DtlsAlertDescription alert) => new(StepOutcome.Failed) { Error = error, Alert = alert };

    /// <summary>
    /// This ClientHello is unacceptable and its sender is told so, but the server goes on waiting: anyone may have sent it.
    /// </summary>
    public static HandshakeStep Refuse(DtlsErrorKind error, DtlsAlertDescription alert) => new(StepOutcome.Refused) { Error = error, Alert = alert };
}
