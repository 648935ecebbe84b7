namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpReceiveParameters</c>.</summary>
public sealed record RtpReceiveParameters
{
    /// <summary>Negotiated codecs.</summary>
    public required IReadOnlyList<RtpCodecParameters> Codecs { get; init; }

    /// <summary>Negotiated header extensions.</summary>
    public required IReadOnlyList<RtpHeaderExtensionParameters> HeaderExtensions { get; init; }

    /// <summary>RTCP; the CNAME is the peer's and empty until known.</summary>
    public required RtcpParameters Rtcp { get; init; }
}
