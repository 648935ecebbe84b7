using WebRtcCore.Diagnostics;
using WebRtcCore.Dtls;
using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Payloads;
using WebRtcCore.Sctp;
using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Session;
using WebRtcCore.Session.Negotiation;

namespace WebRtcCore.Tests.Security;

/// <summary>Observes a session and remembers nothing but why it dropped datagrams.</summary>
internal sealed class DroppedDatagrams : IRtcSessionObserver
{
    public List<DropReason> Reasons { get; } = [];

    public void OnDropped(DropReason reason) => Reasons.Add(reason);

    public void OnLocalCandidate(Ice.IceCandidate candidate)
    {
    }

    public void OnGatheringFailed(in IceEvent failure)
    {
    }

    public void OnIceGatheringState(Ice.IceGatheringState state)
    {
    }

    public void OnIceState(IceAgentState state)
    {
    }

    public void OnIceRole(Ice.IceRole role)
    {
    }

    public void OnSelectedPath(NetworkPath path)
    {
    }

    public void OnNominated()
    {
    }

    public void OnDtlsState(DtlsState state, DtlsErrorKind error, DtlsAlertDescription? alert)
    {
    }

    public void OnSctpState(SctpAssociationState state, SctpError? error)
    {
    }

    public void OnChannelOpened(DataChannelId channel)
    {
    }

    public void OnChannelIncoming(DataChannelId channel, DataChannelParameters parameters)
    {
    }

    public void OnMessage(DataChannelId channel, DataChannelMessageKind kind, PooledBuffer message) => message.Dispose();

    public void OnChannelClosing(DataChannelId channel)
    {
    }

    public void OnChannelClosed(DataChannelId channel, SctpError? error)
    {
    }

    public void OnRtp(NegotiatedMedia media, in RtpReceived received)
    {
    }

    public void OnFrame(NegotiatedMedia media, RtpReceiveStream stream, RtpAssembledFrame frame)
    {
    }

    public void OnStreamEnded(NegotiatedMedia media)
    {
    }

    public void OnTargetBitrate(NegotiatedMedia media, IReadOnlyList<EncodingBitrate> bitrates)
    {
    }

    public void OnKeyFrameRequested(NegotiatedMedia media, string? rid)
    {
    }
}
