namespace WebRtcCore.Sctp.Dcep;

/// <summary>W3C <c>RTCDataChannelState</c>.</summary>
public enum DataChannelState
{
    /// <summary>Waiting for the association, a stream id or the peer's acknowledgement.</summary>
    Connecting,

    /// <summary>Messages may be sent.</summary>
    Open,

    /// <summary>Being closed: what was accepted is still delivered, nothing new is.</summary>
    Closing,

    /// <summary>Closed for good.</summary>
    Closed,
}
