namespace WebRtcCore;

/// <summary>W3C <c>RTCIceConnectionState</c>.</summary>
public enum IceConnectionState
{
    /// <summary>No checks yet.</summary>
    New,

    /// <summary>Checking candidate pairs, none works yet.</summary>
    Checking,

    /// <summary>A working pair is in use, checks may go on.</summary>
    Connected,

    /// <summary>A working pair is in use and all checks are done.</summary>
    Completed,

    /// <summary>Answers stay away; may recover by itself.</summary>
    Disconnected,

    /// <summary>No pair works; an ICE restart may help.</summary>
    Failed,

    /// <summary>The connection is closed.</summary>
    Closed,
}
