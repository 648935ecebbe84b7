namespace WebRtcCore.Sctp.Send;

/// <summary>What is known about a fragment that was sent.</summary>
internal enum OutstandingState : byte
{
    /// <summary>On its way, as far as is known.</summary>
    InFlight,

    /// <summary>Taken for lost, waiting to be sent again.</summary>
    Lost,

    /// <summary>Acknowledged by a gap block.</summary>
    Acknowledged,

    /// <summary>Given up with its message.</summary>
    Abandoned,
}
