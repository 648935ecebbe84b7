using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>What an audio or video m-line is to say.</summary>
internal sealed record RtpSection
{
    internal required RtpTransceiver Transceiver { get; init; }

    internal required string Mid { get; init; }

    internal required LocalTransport Local { get; init; }

    internal required SdpSetupRole Setup { get; init; }

    internal required SdpDirection Direction { get; init; }

    internal required IReadOnlyList<RtpCodecParameters> Codecs { get; init; }

    internal required IReadOnlyList<SdpExtensionMap> Extensions { get; init; }

    internal string Protocol { get; init; } = SdpMedia.RtpProtocol;

    internal bool HasReducedSizeRtcp { get; init; } = true;

    /// <summary>Simulcast streams that this side sends.</summary>
    internal IReadOnlyList<SdpSimulcastStream> SendRids { get; init; } = [];

    /// <summary>Simulcast streams that this side receives.</summary>
    internal IReadOnlyList<SdpSimulcastStream> ReceiveRids { get; init; } = [];
}
