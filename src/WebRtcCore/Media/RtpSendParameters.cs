namespace WebRtcCore;

/// <summary>W3C <c>RTCRtpSendParameters</c>: taken from <see cref="RtpSender.GetParameters"/>, changed with <c>with</c>, given back to <see cref="RtpSender.SetParametersAsync"/>.</summary>
public sealed record RtpSendParameters
{
    /// <summary>Ties a set of parameters to the call that returned them.</summary>
    public required string TransactionId { get; init; }

    /// <summary>The encodings, in the order of their negotiation.</summary>
    public required IReadOnlyList<RtpEncodingParameters> Encodings { get; init; }

    /// <summary>Negotiated codecs; read only.</summary>
    public required IReadOnlyList<RtpCodecParameters> Codecs { get; init; }

    /// <summary>Negotiated header extensions; read only.</summary>
    public required IReadOnlyList<RtpHeaderExtensionParameters> HeaderExtensions { get; init; }

    /// <summary>RTCP; read only.</summary>
    public required RtcpParameters Rtcp { get; init; }
}
