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

    void OnKeyFrameRequested(NegotiatedMedia media);

    /// <summary>Congestion control wants the sender of an m-line to make so many bits per second of payload.</summary>
    void OnTargetBitrate(NegotiatedMedia media, long bitrateBps);

    /// <summary>A datagram was dropped.</summary>
    void OnDropped(DropReason reason);
}
