using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;
using WebRtcCore.Dtls;
using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Sctp;
using WebRtcCore.Sctp.Dcep;
using WebRtcCore.Session.Negotiation;
using WebRtcCore.Srtp;

namespace WebRtcCore.Session;

/// <summary>
/// One connection's protocols put together, without I/O: the only place where ICE, DTLS, SRTP, RTP and SCTP meet.
/// It routes and decides order; what each protocol does is its core's affair.
/// </summary>
/// <remarks>
/// <code>
///  datagram -> demux -> STUN -> IceAgent
///                    -> DTLS -> DtlsEndpoint -> application data -> DataChannelSession
///                    -> SRTP -> MediaFlow -> RtpSession -> observer
/// </code>
/// The cores' contract holds: handle or command, then poll until nothing is left, then one timer. Events go to an observer instead of a queue,
/// because packets and messages are lent for the time of the call.
/// </remarks>
internal sealed class RtcSession : IDisposable
{
    private readonly IRtcSessionObserver _observer;
    private readonly DtlsSession _dtls;
    private readonly int _largestDatagram;
    private readonly MediaFlow _media;
    private readonly int _maxPathMtu;
    private NegotiatedSession _negotiated = new();
    private bool _closed;

    public RtcSession(RtcSessionOptions options, IRandomSource random, IRtcSessionObserver observer, ILogger? logger)
    {
        _observer = observer;
        _largestDatagram = options.LargestDatagram;
        _maxPathMtu = options.DataMaxPathMtu;
        Ice = new IceAgent(options.Ice, random, logger);
        Remotes = new RemoteCandidates(Ice);
        _dtls = new DtlsSession(options, random, logger);
        var rtp = new RtpSessionOptions { Cname = options.Cname, NtpOrigin = options.NtpOrigin, CongestionControl = options.CongestionControl };
        Rtp = new RtpSession(rtp, random, logger);
        Router = new MediaRouter(Rtp);
        Senders = new SenderPackets(Ice, Rtp, Router, Traffic, options);
        _media = new MediaFlow(Rtp, Router, Senders, observer);
        Data = new DataChannelSession(
            new DataChannelSessionOptions
            {
                Sctp = new SctpOptions
                {
                    MaxPacketSize = options.MaxDatagramSize - MaxRecordOverhead,
                    PathMtuDiscovery = options.DataMaxPathMtu > 0,
                    ReceiveBufferSize = options.DataReceiveBufferSize,
                    MaxReceiveMessageSize = options.MaxReceiveMessageSize,
                    CongestionControl = options.DataCongestionControl,
                    ZeroChecksum = options.DataZeroChecksum,
                },
                SendBufferLimit = options.DataSendBufferLimit,
                ManualReceiveCredit = true,
            },
            random,
            logger);
    }

    public IceAgent Ice { get; }

    /// <summary>The way of the peer's candidates to the agent.</summary>
    public RemoteCandidates Remotes { get; }

    public DtlsEndpoint? Dtls => _dtls.Endpoint;

    public RtpSession Rtp { get; }

    public MediaRouter Router { get; }

    /// <summary>What senders send beside what <see cref="TryPollTransmit"/> polls.</summary>
    public SenderPackets Senders { get; }

    public DataChannelSession Data { get; }

    /// <summary>How often data has moved to another path.</summary>
    public int SelectedPathChanges { get; private set; }

    public TrafficTable Traffic { get; } = new();

    /// <summary>The SRTP profile, once there are keys.</summary>
    public SrtpProfile? SrtpProfile => Dtls is { State: DtlsState.Connected } dtls ? SecureMedia.GetProfile(dtls) : null;

    /// <summary>Whether media is encrypted with keys from the handshake: nothing is sent or accepted before.</summary>
    public bool IsMediaReady => _media.IsReady;

    public Instant? NextTimeout => _closed
        ? null
        : Instant.Earliest(
            Instant.Earliest(Ice.NextTimeout, Dtls?.NextTimeout),
            Instant.Earliest(IsMediaReady ? Rtp.NextTimeout : null, IsDataReady ? Data.NextTimeout : null));

    /// <summary>Whether data channels are part of the session.</summary>
    public bool HasData => _negotiated is { Data: not null };

    // The DTLS 1.2 record header (13), an explicit nonce (8) and an authentication tag (16).
    private static int MaxRecordOverhead => 13 + 8 + 16;

    private bool IsDataReady => Dtls is { State: DtlsState.Connected } && _negotiated is { HasAnswer: true, Data: not null };

    /// <summary>Takes over what a description has settled.</summary>
    public void Apply(NegotiatedSession session, Instant now)
    {
        // Until an answer comes, what was agreed on before stands: the peer's credentials of then say nothing of a restart that has been offered since.
        var isKnown = ReferenceEquals(session.Transport, _negotiated.Transport);
        _negotiated = session;
        if (session.Transport is { } transport && !isKnown)
        {
            ApplyRemote(transport, now);
            _dtls.Prepare(transport);
        }

        PrepareMedia();
        if (session.HasAnswer)
        {
            Router.Apply(session.Media, now);
            if (session.Data is { } data)
            {
                Data.SetRemoteMaxMessageSize(data.RemoteMaxMessageSize == long.MaxValue ? 0 : data.RemoteMaxMessageSize);
            }
        }

        Advance(now);
    }

    /// <summary>Takes back an ICE restart whose offer is rolled back: the generation before goes on, or begins anew if it never had a path.</summary>
    /// <param name="local">The credentials from before the restart.</param>
    /// <param name="now">The time.</param>
    public void UndoIceRestart(IceCredentials local, Instant now)
    {
        if (!Ice.TryUndoRestart(now))
        {
            Ice.Restart(local, now);
            if (_negotiated.Transport is { } transport)
            {
                ApplyRemote(transport, now);
            }
        }

        Advance(now);
    }

    /// <summary>Handles one datagram, which is decrypted in place.</summary>
    public void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        if (_closed)
        {
            return;
        }

        var kind = DatagramDemux.Classify(datagram);
        if (kind is DatagramKind.Stun or DatagramKind.TurnChannel && Ice.Relays.TryUnwrap(datagram, path, now, out var relayed))
        {
            if (relayed.Length == 0)
            {
                Advance(now);
                return;
            }

            datagram = datagram.Slice(relayed.Offset, relayed.Length);
            HandleDatagram(DatagramDemux.Classify(datagram), datagram, relayed.Path, now);
            return;
        }

        HandleDatagram(kind, datagram, path, now);
    }

    /// <summary>Says that <see cref="NextTimeout"/> has been reached.</summary>
    public void HandleTimeout(Instant now)
    {
        if (_closed)
        {
            return;
        }

        if (Ice.NextTimeout <= now)
        {
            Ice.HandleTimeout(now);
        }

        if (Dtls?.NextTimeout <= now)
        {
            Dtls.HandleTimeout(now);
        }

        if (IsMediaReady && Rtp.NextTimeout <= now)
        {
            _media.HandleTimeout(now);
        }

        if (IsDataReady && Data.NextTimeout <= now)
        {
            Data.HandleTimeout(now);
        }

        Advance(now);
    }

    /// <summary>Writes the next datagram: ICE first, then DTLS, then media, then data.</summary>
    /// <param name="destination">At least <see cref="RtcSessionOptions.LargestDatagram"/> bytes, and <see cref="IceRelays.MaxOverhead"/> more where there are TURN servers.</param>
    /// <param name="now">The present.</param>
    /// <param name="transmit">Its length and path.</param>
    public bool TryPollTransmit(Span<byte> destination, Instant now, out Transmit transmit)
    {
        if (Ice.TryPollTransmit(destination, out transmit))
        {
            return true;
        }

        // RFC 7675: without consent nothing is sent but checks; it waits in its core.
        if (!Ice.TryGetSelectedPath(out var path))
        {
            return false;
        }

        // Through a TURN server the packet is written behind the room for its wrapping.
        var length = 0;
        var kind = TransmitKind.Normal;
        var room = destination[Ice.Relays.GetDataOffset(path)..];
        if (Dtls is { } dtls && dtls.TryPollTransmit(room, out var flight))
        {
            length = flight.Length;
        }
        else if (!_media.TryPollTransmit(room, out length))
        {
            TryPollData(room, path, out length, out kind);
        }

        if (length == 0)
        {
            return false;
        }

        Traffic.OnSent(length, path, now);
        var isReady = Ice.Relays.TryWrap(destination, length, path, out transmit);
        transmit = transmit with { Kind = kind };
        return isReady;
    }

    /// <summary>Says that the system refuses a datagram with data as too large for the path, or cuts it into fragments.</summary>
    public void OnDatagramTooLarge(TransmitKind kind, Instant now) => Data.OnPacketTooLarge(kind, now);

    /// <summary>Asks the peer for a key frame of what a receiver receives, or of one simulcast layer.</summary>
    public void RequestKeyFrame(RtpReceiver receiver, string? rid, Instant now)
    {
        if (Router.Find(receiver) is { } line)
        {
            Rtp.RequestKeyFrame(line.Mid, rid, now);
        }
    }

    /// <summary>Raises what the encodings of a sender are to be now that they have changed.</summary>
    public void TellBitrates(RtpSender sender) => _media.TellBitrates(sender);

    /// <summary>Raises what the cores have to tell, and moves on what waits for it: DTLS for ICE, SRTP and SCTP for DTLS.</summary>
    public void Advance(Instant now)
    {
        DrainIce();
        if (Ice.TryGetSelectedPath(out _) && _dtls.TryStart(Ice.RoundTripTime, now))
        {
            while (_dtls.TryTakeEarly(out var datagram, out var path))
            {
                HandleDtls(datagram, path, now);
            }
        }

        DrainDtls(default, now);
        _media.Drain();
        DrainData();
    }

    /// <summary>Ends everything: what is to be said to the peer (ABORT, BYE, close_notify) is left to be polled.</summary>
    public void Close(Instant now)
    {
        if (IsDataReady)
        {
            Data.Close(now);
        }

        Rtp.Close(now);
    }

    /// <summary>Seals the connection after <see cref="Close"/> has been polled: close_notify, which again is to be polled.</summary>
    public void CloseTransport(Instant now) => Dtls?.Close(now);

    /// <summary>Ends ICE after <see cref="CloseTransport"/> has been polled: allocations on TURN servers are given back, which again is to be polled.</summary>
    public void CloseIce(Instant now) => Ice.Close(now);

    public void Dispose()
    {
        _closed = true;
        Ice.Dispose();
        _dtls.Dispose();
        _media.Dispose();
    }

    private void ApplyRemote(NegotiatedTransport transport, Instant now)
    {
        Ice.SetRemoteIsLite(transport.IsRemoteIceLite);
        Ice.SetRemoteRenomination(transport.IsRemoteRenominating);
        Ice.SetRemoteCredentials(new IceCredentials(transport.RemoteIce.UsernameFragment, transport.RemoteIce.Password), now);
        Remotes.Begin(transport.RemoteIce.UsernameFragment);
        foreach (var text in transport.RemoteCandidates)
        {
            if (WebRtcCore.Ice.IceCandidate.TryParse(text, out var candidate))
            {
                Remotes.Add(candidate, now);
            }
        }

        if (transport.IsEndOfCandidates)
        {
            Remotes.End(now);
        }
    }

    private void HandleDatagram(DatagramKind kind, Span<byte> datagram, in NetworkPath path, Instant now)
    {
        if (kind is DatagramKind.Unknown or DatagramKind.TurnChannel)
        {
            _observer.OnDropped(DropReason.Unrecognized);
            return;
        }

        if (kind is DatagramKind.Stun)
        {
            Ice.HandleDatagram(datagram, path, now);
            Advance(now);
            return;
        }

        // Security: nothing but STUN is looked at unless ICE has validated where it comes from (DTLS ClientHello races, media injection).
        if (!Ice.IsValidatedPath(path))
        {
            _observer.OnDropped(DropReason.UnvalidatedPath);
            return;
        }

        Traffic.OnReceived(datagram.Length, path, now);
        switch (kind)
        {
            case DatagramKind.Dtls:
                HandleDtls(datagram, path, now);
                break;
            case DatagramKind.Rtp:
                _media.HandleRtp(datagram, now);
                break;
            default:
                _media.HandleRtcp(datagram, now);
                break;
        }
    }

    private void HandleDtls(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        if (Dtls is not { } dtls || dtls.State == DtlsState.New)
        {
            _dtls.KeepEarly(datagram, path);
            return;
        }

        dtls.HandleDatagram(datagram, path, now);
        DrainDtls(datagram, now);
        DrainData();
    }

    private void TryPollData(Span<byte> destination, in NetworkPath path, out int length, out TransmitKind kind)
    {
        (length, kind) = (0, TransmitKind.Normal);
        if (!IsDataReady)
        {
            return;
        }

        var (offset, overhead) = (Dtls!.ApplicationDataOffset, Dtls.ApplicationDataOverhead);
        Data.SetPath(PathOverhead.Get(Ice.Relays, path, overhead, out var largestMtu), Math.Min(largestMtu, _maxPathMtu));
        var packetRoom = Math.Min(destination.Length, _largestDatagram) - overhead;
        if (Data.TryPollTransmit(destination.Slice(offset, packetRoom), out var packet))
        {
            length = Dtls.SealApplicationData(destination, packet.Length);
            kind = packet.Kind;
        }
    }

    private void DrainIce()
    {
        while (Ice.TryPollEvent(out var e))
        {
            switch (e.Kind)
            {
                case IceEventKind.CandidateGathered:
                    _observer.OnLocalCandidate(e.Candidate!);
                    break;
                case IceEventKind.GatheringStateChanged:
                    _observer.OnIceGatheringState(e.GatheringState);
                    break;
                case IceEventKind.StateChanged:
                    _observer.OnIceState(e.State);
                    break;
                case IceEventKind.SelectedPathChanged when e.Path is { } path:
                    if (SelectedPathChanges++ > 0)
                    {
                        Data.OnPathChanged();
                    }

                    _observer.OnSelectedPath(path);
                    break;
                case IceEventKind.PairNominated:
                    _observer.OnNominated();
                    break;
                case IceEventKind.RoleChanged:
                    _observer.OnIceRole(e.Role);
                    break;
                case IceEventKind.GatheringFailed:
                    _observer.OnGatheringFailed(e);
                    break;
                default:
                    // A path that is lost shows in the state; a peer-reflexive candidate is not signalled, but statistics show it.
                    break;
            }
        }
    }

    private void DrainDtls(ReadOnlySpan<byte> datagram, Instant now)
    {
        while (Dtls is { } dtls && dtls.TryPollEvent(out var e))
        {
            switch (e.Kind)
            {
                case DtlsEventKind.ApplicationData when IsDataReady:
                    Data.HandleDatagram(e.GetData(datagram), now);
                    break;
                case DtlsEventKind.StateChanged:
                    OnDtlsStateChanged(e, now);
                    break;
                default:
                    break;
            }
        }

        StartDataIfReady(now);
    }

    private void OnDtlsStateChanged(in DtlsEvent e, Instant now)
    {
        if (e.State == DtlsState.Connected)
        {
            PrepareMedia();
            StartDataIfReady(now);
        }

        _observer.OnDtlsState(e.State, e.Error, e.Alert);
    }

    private void PrepareMedia()
    {
        if (_negotiated.Media.Count > 0 && Dtls is { State: DtlsState.Connected } dtls)
        {
            _media.Prepare(dtls);
        }
    }

    private void StartDataIfReady(Instant now)
    {
        if (IsDataReady && Data.State == SctpAssociationState.New)
        {
            Data.Start(Dtls!.Role == WebRtcCore.Dtls.DtlsRole.Client, now);
        }
    }

    private void DrainData()
    {
        while (Data.TryPollEvent(out var e))
        {
            switch (e.Kind)
            {
                case DataChannelEventKind.MessageReceived:
                    _observer.OnMessage(e.Channel, e.MessageKind, e.Message!);
                    break;
                case DataChannelEventKind.StateChanged:
                    _observer.OnSctpState(e.State, e.Error);
                    break;
                case DataChannelEventKind.ChannelOpened:
                    _observer.OnChannelOpened(e.Channel);
                    break;
                case DataChannelEventKind.ChannelIncoming:
                    _observer.OnChannelIncoming(e.Channel, e.Parameters!);
                    break;
                case DataChannelEventKind.ChannelClosing:
                    _observer.OnChannelClosing(e.Channel);
                    break;
                case DataChannelEventKind.ChannelClosed:
                    _observer.OnChannelClosed(e.Channel, e.Error);
                    break;
                default:
                    // The public channel keeps its own threshold, because it counts what is still on its way to the loop too.
                    break;
            }
        }
    }
}
