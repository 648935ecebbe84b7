namespace WebRtcCore;

/// <summary>W3C <c>RTCStatsIceCandidatePairState</c>: the state of a pair in its check list (RFC 8445 6.1.2.6).</summary>
public enum StatsIceCandidatePairState
{
    /// <summary>Its check waits until a pair of the same foundation has succeeded.</summary>
    Frozen,

    /// <summary>Its check may be sent as soon as it is its turn.</summary>
    Waiting,

    /// <summary>Its check has been sent.</summary>
    InProgress,

    /// <summary>Its check has failed.</summary>
    Failed,

    /// <summary>Its check has succeeded.</summary>
    Succeeded,
}
