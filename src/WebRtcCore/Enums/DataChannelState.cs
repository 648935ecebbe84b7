namespace WebRtcCore;

/// <summary>W3C <c>RTCDataChannelState</c>.</summary>
public enum DataChannelState
{
    /// <summary>Not yet usable.</summary>
    Connecting,

    /// <summary>Messages can be sent.</summary>
    Open,

    /// <summary>Being closed; what was sent is still delivered.</summary>
    Closing,

    /// <summary>Closed, or could never be opened.</summary>
    Closed,
}
