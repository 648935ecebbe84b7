namespace WebRtcCore;

/// <summary>W3C <c>RTCPeerConnectionState</c>: ICE and DTLS together.</summary>
public enum PeerConnectionState
{
    /// <summary>Nothing has begun.</summary>
    New,

    /// <summary>ICE or DTLS is connecting.</summary>
    Connecting,

    /// <summary>Every transport is connected.</summary>
    Connected,

    /// <summary>ICE lost its answers; may recover by itself.</summary>
    Disconnected,

    /// <summary>A transport failed.</summary>
    Failed,

    /// <summary>The connection is closed.</summary>
    Closed,
}
