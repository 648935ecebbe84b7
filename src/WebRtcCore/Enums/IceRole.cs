namespace WebRtcCore;

/// <summary>W3C <c>RTCIceRole</c>.</summary>
public enum IceRole
{
    /// <summary>Not yet determined.</summary>
    Unknown,

    /// <summary>This side nominates.</summary>
    Controlling,

    /// <summary>The peer nominates.</summary>
    Controlled,
}
