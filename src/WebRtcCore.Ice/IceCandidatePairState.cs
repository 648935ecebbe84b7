namespace WebRtcCore.Ice;

/// <summary>The state of a candidate pair in the check list (RFC 8445, 6.1.2.6).</summary>
public enum IceCandidatePairState
{
    /// <summary>Not to be checked until a pair of the same foundation has been.</summary>
    Frozen,

    /// <summary>To be checked when its turn comes.</summary>
    Waiting,

    /// <summary>A check has been sent and is not yet answered.</summary>
    InProgress,

    /// <summary>A check was answered: the pair works.</summary>
    Succeeded,

    /// <summary>The check went unanswered or was answered in a way that cannot be used.</summary>
    Failed,
}
