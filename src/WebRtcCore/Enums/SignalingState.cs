namespace WebRtcCore;

/// <summary>W3C <c>RTCSignalingState</c>: where offer and answer stand.</summary>
public enum SignalingState
{
    /// <summary>No offer is being exchanged.</summary>
    Stable,

    /// <summary>A local offer is applied, the answer is awaited.</summary>
    HaveLocalOffer,

    /// <summary>A remote offer is applied, our answer is awaited.</summary>
    HaveRemoteOffer,

    /// <summary>A remote offer and a provisional local answer are applied.</summary>
    HaveLocalPrAnswer,

    /// <summary>A local offer and a provisional remote answer are applied.</summary>
    HaveRemotePrAnswer,

    /// <summary>The connection is closed.</summary>
    Closed,
}
