namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpTransceiverDirection</c>.</summary>
public enum RtpTransceiverDirection
{
    /// <summary>Sends and receives.</summary>
    SendRecv,

    /// <summary>Sends only.</summary>
    SendOnly,

    /// <summary>Receives only.</summary>
    RecvOnly,

    /// <summary>Neither.</summary>
    Inactive,

    /// <summary>Stopped for good.</summary>
    Stopped,
}
