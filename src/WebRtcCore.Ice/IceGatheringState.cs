namespace WebRtcCore.Ice;

/// <summary>The states of W3C <c>RTCIceGathererState</c>.</summary>
public enum IceGatheringState
{
    /// <summary>Gathering has not been started.</summary>
    New,

    /// <summary>STUN servers are being asked.</summary>
    Gathering,

    /// <summary>There will be no more local candidates in this generation.</summary>
    Complete,
}
