using WebRtcCore.Rtp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>One accepted audio or video m-line.</summary>
internal sealed record NegotiatedMedia
{
    /// <summary>The transceiver that it belongs to; its sender and receiver are the ends of the media.</summary>
    public required RtpTransceiver Transceiver { get; init; }

    /// <summary>The index of the m-line; the session names its streams by it.</summary>
    public required int MLineIndex { get; init; }

    /// <summary>Its mid.</summary>
    public required string Mid { get; init; }

    /// <summary>Whether this side sends.</summary>
    public bool CanSend { get; init; }

    /// <summary>Whether this side receives.</summary>
    public bool CanReceive { get; init; }

    /// <summary>What may be sent, best first, with the payload types that the peer wants; RTX with <see cref="RtpCodecParameters.AssociatedPayloadType"/>.</summary>
    public IReadOnlyList<RtpCodecParameters> SendCodecs { get; init; } = [];

    /// <summary>What may arrive, with the payload types that this side gave.</summary>
    public IReadOnlyList<RtpCodecParameters> ReceiveCodecs { get; init; } = [];

    /// <summary>Header extensions with the ids of the BUNDLE group.</summary>
    public IReadOnlyList<RtpHeaderExtensionParameters> HeaderExtensions { get; init; } = [];

    /// <summary>SSRCs that the peer signals with <c>a=ssrc</c>.</summary>
    public IReadOnlyList<Ssrc> RemoteSsrcs { get; init; } = [];

    /// <summary>Pairs of media and retransmission SSRC that the peer signals with <c>a=ssrc-group:FID</c>.</summary>
    public IReadOnlyList<(Ssrc Media, Ssrc Rtx)> RemoteRtxSsrcs { get; init; } = [];

    /// <summary>The rids that the peer sends with, for simulcast.</summary>
    public IReadOnlyList<string> RemoteRids { get; init; } = [];

    /// <summary>Whether reduced-size RTCP was negotiated.</summary>
    public bool ReducedSizeRtcp { get; init; }
}
