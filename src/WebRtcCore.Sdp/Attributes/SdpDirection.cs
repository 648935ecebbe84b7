namespace WebRtcCore.Sdp;

/// <summary>The direction of an m-line or header extension, as the description's sender sees it (RFC 8866 6.7).</summary>
public enum SdpDirection
{
    /// <summary>Both ways; what holds when nothing is said.</summary>
    SendRecv,

    /// <summary>From the description's sender.</summary>
    SendOnly,

    /// <summary>To the description's sender.</summary>
    RecvOnly,

    /// <summary>Neither.</summary>
    Inactive,
}
