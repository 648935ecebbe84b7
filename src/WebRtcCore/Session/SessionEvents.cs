using WebRtcCore.Diagnostics;
using WebRtcCore.Dtls;
using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Payloads;
using WebRtcCore.Sctp;
using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Session.Negotiation;
using WebRtcCore.Transport;

namespace WebRtcCore.Session;

/// <summary>
/// Carries what a session tells, on the loop, to the public side: state changes and low-rate events through the dispatcher, media and messages directly.
/// </summary>
internal sealed class SessionEvents(
    PeerConnection connection, ConnectionContext context, Negotiator negotiator, DataChannelRegistry channels, ConnectionStates states)
    : IRtcSessionObserver
{
    private readonly HashSet<RtpReceiver> _unmuted = [];
    private readonly GatheringGate _gathering = new();

    public SetupTimeline Timeline { get; } = new(context.Options.TimeProvider);

    /// <summary>There is a local description: what was gathered ahead is told now. On the dispatcher.</summary>
    public void OpenGathering() => _gathering.Open();

    /// <summary>What was gathered ahead is void. On the dispatcher.</summary>
    public void DiscardGathered() => _gathering.Discard();

    public void OnLocalCandidate(Ice.IceCandidate candidate)
    {
        var text = candidate.ToString();
        DispatchGathering(() =>
        {
            if (states.IceGathering == IceGatheringState.Complete && !context.Options.ContinualGathering)
            {
                // RFC 8838 13: none after end-of-candidates. The peer learns it from the checks.
                return;
            }

            IceCandidate? signalled;
            lock (context.Gate)
            {
                signalled = negotiator.MakeLocalCandidate(text, candidate.UsernameFragment ?? "");
                if (signalled is not null)
                {
                    signalled = signalled with { RelayProtocol = candidate.RelayProtocol.ToW3C(), Url = candidate.ServerUrl };
                    negotiator.AddLocalCandidate(signalled);
                }
            }

            if (signalled is not null)
            {
                states.Ice.AddLocalCandidate(signalled);
                connection.RaiseIceCandidate(signalled);
            }
        });
    }

    public void OnGatheringFailed(in IceEvent failure)
    {
        var local = failure.ServerPath is { Local: { IsNone: false } address } ? address.ToIPEndPoint() : null;
        var error = new IceCandidateErrorEventArgs(failure.ServerUrl ?? "", failure.ErrorCode, failure.ErrorText ?? "", local);
        DispatchGathering(() => connection.RaiseIceCandidateError(error));
    }

    public void OnIceGatheringState(Ice.IceGatheringState state)
    {
        var value = (IceGatheringState)state;
        if (state == Ice.IceGatheringState.Complete)
        {
            Timeline.OnGathered();
        }
        else
        {
            Timeline.Begin();
        }

        DispatchGathering(() =>
        {
            if (!states.SetIceGathering(value))
            {
                return;
            }

            if (value == IceGatheringState.Complete && !context.Options.ContinualGathering)
            {
                lock (context.Gate)
                {
                    negotiator.SetLocalEndOfCandidates();
                }
            }

            states.Ice.RaiseGatheringStateChange();
            connection.RaiseIceGatheringStateChange();
            if (value == IceGatheringState.Complete)
            {
                connection.RaiseIceCandidate(null);
            }
        });
    }

    public void OnIceState(IceAgentState state)
    {
        var reason = (IceFailureReason)connection.Driver.Session.Ice.FailureReason;
        if (state is IceAgentState.Connected or IceAgentState.Completed)
        {
            Timeline.OnFirstPair();
        }
        else if (state == IceAgentState.Failed)
        {
            Timeline.End(hasSucceeded: false, reason.ToString());
        }

        Dispatch(() =>
        {
            states.Ice.FailureReason = reason;
            if (states.Ice.SetState((IceTransportState)state))
            {
                states.Ice.RaiseStateChange();
                RaiseConnectionStates();
            }
        });
    }

    public void OnNominated() => Timeline.OnNominated();

    public void OnIceRole(Ice.IceRole role) =>
        states.Ice.Role = role == Ice.IceRole.Controlling ? IceRole.Controlling : IceRole.Controlled;

    public void OnSelectedPath(NetworkPath path)
    {
        if (connection.Driver.Session.Ice.GetSelectedPair() is not { } pair)
        {
            return;
        }

        var selected = new IceCandidatePair(
            ToPublic(CandidatePrivacy.Local(pair.Local, context.Options.HideHostAddresses)),
            ToPublic(CandidatePrivacy.Remote(pair.Remote, connection.Driver.Session.Remotes.HasNames || context.Options.HideHostAddresses)));
        Dispatch(() => states.Ice.SelectPair(selected));
    }

    public void OnDtlsState(DtlsState state, DtlsErrorKind error, DtlsAlertDescription? alert)
    {
        var certificate = connection.Driver.Session.Dtls?.RemoteCertificate;
        if (state == DtlsState.Connected)
        {
            Timeline.OnDtls();
            if (!connection.Driver.Session.HasData)
            {
                Timeline.End(hasSucceeded: true);
            }
        }
        else if (state == DtlsState.Failed)
        {
            Timeline.End(hasSucceeded: false, $"DTLS: {error}");
        }

        Dispatch(() =>
        {
            if (certificate is { } der)
            {
                states.Dtls.SetRemoteCertificate(der);
            }

            if (!states.Dtls.SetState((DtlsTransportState)state))
            {
                return;
            }

            states.Dtls.RaiseStateChange();
            if (state == DtlsState.Failed)
            {
                states.Dtls.RaiseError(new RtcErrorException(
                    error == DtlsErrorKind.FingerprintMismatch ? RtcErrorDetail.FingerprintFailure : RtcErrorDetail.DtlsFailure, $"DTLS failed: {error}.")
                {
                    ReceivedAlert = (int?)alert,
                });
            }

            RaiseConnectionStates();
            if (state is DtlsState.Closed or DtlsState.Failed)
            {
                channels.OnTransportEnded(hasFailed: state == DtlsState.Failed);
            }
        });
    }

    public void OnSctpState(SctpAssociationState state, SctpError? error)
    {
        if (state == SctpAssociationState.Established)
        {
            Timeline.OnSctp();
            Timeline.End(hasSucceeded: true);
        }

        var value = state switch
        {
            SctpAssociationState.Established => SctpTransportState.Connected,
            SctpAssociationState.Closed => SctpTransportState.Closed,
            _ => SctpTransportState.Connecting,
        };
        var maxChannels = connection.Driver.Session.Data.MaxChannels;
        Dispatch(() =>
        {
            if (states.Sctp is { } sctp && sctp.SetState(value))
            {
                sctp.MaxChannels = value == SctpTransportState.Connected ? maxChannels : sctp.MaxChannels;
                sctp.RaiseStateChange();
            }
        });
    }

    public void OnChannelOpened(DataChannelId channel) => channels.OnOpened(connection.Driver.Session, channel);

    public void OnChannelIncoming(DataChannelId channel, DataChannelParameters parameters)
    {
        var opened = channels.OnIncoming(channel, parameters);
        Dispatch(() =>
        {
            connection.RaiseDataChannel(opened);
            opened.RaiseOpen();
        });
    }

    public void OnMessage(DataChannelId channel, DataChannelMessageKind kind, PooledBuffer message) => channels.OnMessage(channel, kind, message);

    public void OnChannelClosing(DataChannelId channel) => channels.OnClosing(channel);

    public void OnChannelClosed(DataChannelId channel, SctpError? error) => channels.OnClosed(channel, error);

    public void OnRtp(NegotiatedMedia media, in RtpReceived received)
    {
        var receiver = media.Transceiver.Receiver;
        if (_unmuted.Add(receiver))
        {
            SetMuted(receiver, false);
        }

        try
        {
            receiver.Deliver(received);
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(context.Logger, exception);
        }
    }

    public void OnFrame(NegotiatedMedia media, RtpReceiveStream stream, RtpAssembledFrame frame) => media.Transceiver.Receiver.Deliver(frame, stream.Rid);

    public void OnStreamEnded(NegotiatedMedia media)
    {
        var receiver = media.Transceiver.Receiver;
        _unmuted.Remove(receiver);
        SetMuted(receiver, true);
    }

    public void OnKeyFrameRequested(NegotiatedMedia media, string? rid)
    {
        try
        {
            media.Transceiver.Sender.RaiseKeyFrameRequested(rid);
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(context.Logger, exception);
        }
    }

    public void OnTargetBitrate(NegotiatedMedia media, IReadOnlyList<EncodingBitrate> bitrates)
    {
        try
        {
            media.Transceiver.Sender.SetBitrates(bitrates);
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(context.Logger, exception);
        }
    }

    public void OnDropped(DropReason reason) => RtcMeter.Dropped(reason);

    private static IceCandidate ToPublic(Ice.IceCandidate candidate) =>
        new() { Candidate = candidate.ToString(), UsernameFragment = candidate.UsernameFragment };

    // A method of its own: a closure in the packet path would be allocated for every packet.
    private void SetMuted(RtpReceiver receiver, bool muted) => Dispatch(() => receiver.Track.SetMuted(muted));

    private void RaiseConnectionStates()
    {
        if (states.UpdateIceConnection())
        {
            connection.RaiseIceConnectionStateChange();
        }

        if (states.UpdateConnection())
        {
            connection.RaiseConnectionStateChange();
        }
    }

    private void DispatchGathering(Action action) => Dispatch(() => _gathering.Do(action));

    private void Dispatch(Action action) => context.Dispatcher.Post(() =>
    {
        // W3C webrtc 4.4.2: a closed connection raises nothing.
        if (!connection.IsClosed)
        {
            action();
        }
    });
}
