namespace WebRtcCore.Sctp.Send;

/// <summary>What a SACK said that was new.</summary>
internal struct SackOutcome
{
    /// <summary>Bytes acknowledged for the first time.</summary>
    public int AcknowledgedBytes;

    /// <summary>Whether the cumulative TSN has moved.</summary>
    public bool HasAdvanced;

    /// <summary>Whether a fragment was found lost.</summary>
    public bool HasLoss;

    /// <summary>The time since a fragment now acknowledged, and never sent twice, was sent.</summary>
    public TimeSpan? RoundTripTime;
}
