namespace WebRtcCore.Ice;

/// <summary>The states of W3C <c>RTCIceTransportState</c>, in protocol order.</summary>
public enum IceAgentState
{
    /// <summary>Gathering or waiting for the peer's credentials; no check has been sent.</summary>
    New,

    /// <summary>The peer's credentials are known; no pair works yet.</summary>
    Checking,

    /// <summary>A pair works and data can be sent; further pairs may still be tried.</summary>
    Connected,

    /// <summary>A pair is nominated, both sides have no more candidates, and every check has ended.</summary>
    Completed,

    /// <summary>The pair in use no longer answers. It may recover, or fail when consent expires.</summary>
    Disconnected,

    /// <summary>No pair worked, or consent has expired: nothing is sent until a restart.</summary>
    Failed,

    /// <summary>Closed by <see cref="IceAgent.Close"/>; nothing is sent or accepted any more.</summary>
    Closed,
}
