namespace WebRtcCore;

/// <summary>W3C <c>RTCSdpType</c>.</summary>
public enum SdpType
{
    /// <summary>An offer.</summary>
    Offer,

    /// <summary>A provisional answer.</summary>
    PrAnswer,

    /// <summary>A final answer.</summary>
    Answer,

    /// <summary>Back to the last stable state.</summary>
    Rollback,
}
