namespace WebRtcCore;

/// <summary>W3C <c>RTCIceGatheringState</c> and <c>RTCIceGathererState</c>.</summary>
public enum IceGatheringState
{
    /// <summary>Gathering has not begun.</summary>
    New,

    /// <summary>Candidates are being gathered.</summary>
    Gathering,

    /// <summary>All candidates are known.</summary>
    Complete,
}
