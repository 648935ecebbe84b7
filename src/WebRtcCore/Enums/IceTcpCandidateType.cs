namespace WebRtcCore;

/// <summary>W3C <c>RTCIceTcpCandidateType</c> (RFC 6544).</summary>
public enum IceTcpCandidateType
{
    /// <summary>Connects.</summary>
    Active,

    /// <summary>Listens.</summary>
    Passive,

    /// <summary>Opens simultaneously.</summary>
    So,
}
