namespace WebRtcCore;

/// <summary>W3C <c>RTCSctpTransportState</c>.</summary>
public enum SctpTransportState
{
    /// <summary>The association is being set up.</summary>
    Connecting,

    /// <summary>Data channels can be used.</summary>
    Connected,

    /// <summary>The association has ended.</summary>
    Closed,
}
