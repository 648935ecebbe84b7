using WebRtcCore.Diagnostics;
using WebRtcCore.Dtls;
using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Payloads;
using WebRtcCore.Sctp;
using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Session.Negotiation;

namespace WebRtcCore.Session;

/// <summary>
/// What a session tells its owner, on the loop, once its cores are stable: the owner may call back in. Spans are lent for the call.
/// </summary>
internal interface IRtcSessionObserver
{
    void OnLocalCandidate(Ice.IceCandidate candidate);

    /// <summary>Takes an event of the kind <see cref="IceEventKind.GatheringFailed"/>.</summary>
    void OnGatheringFailed(in IceEvent failure);

    void OnIceGatheringState(Ice.IceGatheringState state);

    void OnIceState(IceAgentState state);

    void OnIceRole(Ice.IceRole role);

    void OnSelectedPath(NetworkPath path);

    /// <summary>The pair that data goes over is nominated.</summary>
    void OnNominated();

    void OnDtlsState(DtlsState state, DtlsErrorKind error, DtlsAlertDescription? alert);

    void OnSctpState(SctpAssociationState state, SctpError? error);

    void OnChannelOpened(DataChannelId channel);

    void OnChannelIncoming(DataChannelId channel, DataChannelParameters parameters);

    /// <summary>The message is given.</summary>
    void OnMessage(DataChannelId channel, DataChannelMessageKind kind, PooledBuffer message);

    void OnChannelClosing(DataChannelId channel);

    void OnChannelClosed(DataChannelId channel, SctpError? error);

    void OnRtp(NegotiatedMedia media, in RtpReceived received);

    void OnFrame(NegotiatedMedia media, RtpReceiveStream stream, RtpAssembledFrame frame);

    void OnStreamEnded(NegotiatedMedia media);

    /// <summary>The peer wants a key frame, of a simulcast layer where there is a rid.</summary>
    void OnKeyFrameRequested(NegotiatedMedia media, string? rid);

    /// <summary>Congestion control wants this of the encodings of an m-line's sender, or they have changed.</summary>
    void OnTargetBitrate(NegotiatedMedia media, IReadOnlyList<EncodingBitrate> bitrates);

    /// <summary>A datagram was dropped.</summary>
    void OnDropped(DropReason reason);
}
