namespace WebRtcCore;

/// <summary>W3C <c>RTCDtlsRole</c>.</summary>
public enum DtlsRole
{
    /// <summary>Not yet determined.</summary>
    Unknown,

    /// <summary>This side sends the ClientHello.</summary>
    Client,

    /// <summary>The peer sends the ClientHello.</summary>
    Server,
}
