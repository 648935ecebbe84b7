namespace WebRtcCore.Dtls.Handshake;

/// <summary>The verdict on a handshake message.</summary>
internal enum StepOutcome
{
    /// <summary>It was right and has taken effect.</summary>
    Accepted,

    /// <summary>It is dropped; another copy may come.</summary>
    Discarded,

    /// <summary>It is dropped and answered with an alert; another attempt may come.</summary>
    Refused,

    /// <summary>It ends the association.</summary>
    Failed,
}
