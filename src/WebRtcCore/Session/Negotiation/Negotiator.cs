using WebRtcCore.Primitives;
using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>
/// Offer and answer (RFC 8829, W3C webrtc 4.4): holds the state, the descriptions and the transceivers, and decides the order in which the parts
/// that make, check and apply descriptions work. Synchronous and without events of its own; every call is under the connection's lock.
/// </summary>
internal sealed class Negotiator
{
    private const int CnameLength = 16;
    private const string CnameAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private readonly SignalingStateMachine _state = new();
    private readonly DescriptionSet _descriptions = new();
    private readonly MidAllocator _mids = new();
    private readonly PayloadTypeMap _payloadTypes = new();
    private readonly HeaderExtensionNegotiation _extensions = new();
    private readonly RemoteStreams _streams = new();
    private readonly TransceiverRegistry _registry;
    private readonly TransceiverUpdater _updater;
    private readonly RemoteDescriptionReader _reader;
    private readonly CandidateBook _candidates;
    private readonly OfferBuilder _offers;
    private readonly AnswerBuilder _answers;
    private readonly ulong _sessionId;
    private ulong _sessionVersion = 1;
    private CreatedDescription? _lastOffer;
    private CreatedDescription? _lastAnswer;
    private NegotiatedSession? _stableSession;
    private IceParameters? _iceToReplace;
    private bool _dataRequested;

    /// <summary>Creates the state of a new connection.</summary>
    internal Negotiator(IMediaOperations connection, PeerConnectionOptions options, IRandomSource random)
    {
        Cname = random.NextString(CnameAlphabet, CnameLength);

        // RFC 8829 5.2.1: 63 random bits.
        _sessionId = random.NextUInt64() >> 1;
        var writer = new MediaSectionWriter(Cname, options.MaxMessageSize);
        var codecs = new CodecNegotiation(options, _payloadTypes);
        _registry = new TransceiverRegistry(connection, random, Cname);
        _updater = new TransceiverUpdater(_registry, _streams);
        _reader = new RemoteDescriptionReader(_descriptions, _mids);
        _candidates = new CandidateBook(_descriptions);
        _offers = new OfferBuilder(writer, codecs, _extensions, _mids);
        _answers = new AnswerBuilder(writer, codecs);
    }

    internal SignalingState SignalingState => _state.State;

    internal IReadOnlyList<RtpTransceiver> Transceivers => _registry.All;

    internal SessionDescription? CurrentLocalDescription => _descriptions.CurrentLocal?.Description;

    internal SessionDescription? PendingLocalDescription => _descriptions.PendingLocal?.Description;

    internal SessionDescription? CurrentRemoteDescription => _descriptions.CurrentRemote?.Description;

    internal SessionDescription? PendingRemoteDescription => _descriptions.PendingRemote?.Description;

    /// <summary>This side's canonical name in SDES and in <c>a=ssrc</c>.</summary>
    internal string Cname { get; }

    /// <summary>What the session must know as of the last description.</summary>
    internal NegotiatedSession Session { get; private set; } = new();

    /// <summary>Whether the peer takes candidates one by one; <see langword="null"/> before its first description.</summary>
    internal bool? CanTrickleIceCandidates => _descriptions.LatestRemote?.Sdp is not { } sdp
        ? null
        : sdp.Media.Select(m => sdp.GetValue(m, SdpAttributeNames.IceOptions)).Append(sdp.Attributes.GetValue(SdpAttributeNames.IceOptions))
            .Any(options => options?.Split(' ').Contains("trickle", StringComparer.Ordinal) == true);

    /// <summary>
    /// W3C <c>restartIce()</c>: the next offer brings new credentials, until a negotiation with such has ended. Has no effect before the first one.
    /// </summary>
    internal bool IceRestartRequested
    {
        get => _iceToReplace is not null;
        set => _iceToReplace = value ? _descriptions.CurrentLocal?.GetIce() : null;
    }

    /// <summary>Whether the pending remote offer restarts ICE, so that the answer must bring new credentials (RFC 8839 4.4.1.1.1).</summary>
    internal bool IsRemoteIceRestart =>
        _descriptions is { PendingRemote: { Type: SdpType.Offer } pending, CurrentRemote: { } current } &&
        pending.GetIce() is { } offered && current.GetIce() is { } known && offered != known;

    internal RtpTransceiver AddTransceiver(MediaKind kind, MediaStreamTrack? track, RtpTransceiverOptions options) => _registry.Add(kind, track, options);

    internal RtpSender AddTrack(MediaStreamTrack track, IReadOnlyList<MediaStream> streams) => _registry.AddTrack(track, streams);

    internal void RemoveTrack(RtpSender sender) => _registry.RemoveTrack(sender);

    /// <summary>A data m-line is needed from now on.</summary>
    internal void RequestDataChannel() => _dataRequested = true;

    /// <summary>Makes an offer and remembers it as the one that may be applied.</summary>
    /// <exception cref="RtcException">InvalidStateError: not in this state.</exception>
    internal SessionDescription CreateOffer(LocalTransport local)
    {
        _state.ThrowIfNoOfferPossible();
        _lastOffer = _offers.Build(_descriptions, _registry.All, _dataRequested, local, NextOrigin());
        return new SessionDescription(SdpType.Offer, _lastOffer.Text);
    }

    /// <summary>Makes an answer to the pending offer and remembers it as the one that may be applied.</summary>
    /// <exception cref="RtcException">InvalidStateError: not in this state.</exception>
    internal SessionDescription CreateAnswer(LocalTransport local)
    {
        _state.ThrowIfNoAnswerPossible();
        _lastAnswer = _answers.Build(_descriptions.PendingRemote!.Sdp, _registry.All, local, NextOrigin());
        return new SessionDescription(SdpType.Answer, _lastAnswer.Text);
    }

    /// <summary>Applies what was last created (an empty text means just that), or rolls back.</summary>
    /// <exception cref="RtcException">InvalidStateError: not in this state. InvalidModificationError: not what was created.</exception>
    internal DescriptionChanges SetLocal(SessionDescription description)
    {
        var next = _state.Next(description.Type, isLocal: true);
        if (description.Type == SdpType.Rollback)
        {
            return Rollback();
        }

        var created = description.Type == SdpType.Offer ? _lastOffer : _lastAnswer;
        if (created is null || (description.Sdp.Length > 0 && description.Sdp != created.Text))
        {
            throw RtcException.InvalidModification("The description is not the one that was last created.");
        }

        var previousIce = _descriptions.LatestLocal?.GetIce();
        _updater.BeginNegotiation();
        var applied = new AppliedDescription(description.Type, created.Copy());
        var changes = new ChangeCollector();
        LearnMids(applied.Sdp);
        _updater.ApplyLocal(applied.Sdp, description.Type, created.Transceivers, changes);
        _descriptions.SetLocal(applied);
        var ice = applied.GetIce();
        return Finish(next, description.Type, changes, previousIce is not null && ice != previousIce ? ice : null);
    }

    /// <summary>Applies a description of the peer, or rolls back. An offer while the own one is pending rolls that back first.</summary>
    /// <exception cref="RtcErrorException">SdpSyntaxError: it does not parse.</exception>
    /// <exception cref="RtcException">InvalidStateError: not in this state. InvalidAccessError: its content does not fit.</exception>
    internal DescriptionChanges SetRemote(SessionDescription description)
    {
        var next = _state.Next(description.Type, isLocal: false);
        if (description.Type == SdpType.Rollback)
        {
            return Rollback();
        }

        // Everything is checked before anything changes: a bad description leaves the connection as it was.
        var sdp = _reader.Read(description);
        var changes = new ChangeCollector();
        IceParameters? restoredIce = null;
        if (description.Type == SdpType.Offer && _state.State == SignalingState.HaveLocalOffer)
        {
            restoredIce = UndoPending(changes);
        }

        _updater.BeginNegotiation();
        LearnMids(sdp);
        _updater.ApplyRemote(sdp, description.Type, changes);
        _descriptions.SetRemote(new AppliedDescription(description.Type, sdp));
        return Finish(next, description.Type, changes, restoredIce);
    }

    /// <summary>Writes a local candidate into the local descriptions of its generation.</summary>
    internal void AddLocalCandidate(IceCandidate candidate) => _candidates.AddLocal(candidate);

    /// <summary>Says in the local description that gathering is complete.</summary>
    internal void SetLocalEndOfCandidates() => _candidates.SetLocalEnd();

    /// <summary>A gathered candidate for signalling, with its m-line; <see langword="null"/> if no m-line of that generation is there.</summary>
    internal IceCandidate? MakeLocalCandidate(string candidateText, string usernameFragment) => _candidates.MakeLocal(candidateText, usernameFragment);

    /// <summary>Checks a remote candidate, writes it into the remote description and tells whether it is for the transport in use.</summary>
    /// <exception cref="RtcException">InvalidStateError: no remote description; OperationError: no such m-line or generation, or malformed.</exception>
    /// <exception cref="ArgumentException">It names no m-line.</exception>
    internal bool AddRemoteCandidate(IceCandidate candidate) => _candidates.AddRemote(candidate);

    /// <summary>W3C webrtc 4.7.3. Meaningful in the stable state.</summary>
    internal bool IsNegotiationNeeded() => IceRestartRequested || NegotiationNeededCheck.IsNeeded(_descriptions, _registry.All, _dataRequested);

    /// <summary>The connection is closed: nothing can be applied any more, and every transceiver is stopped.</summary>
    internal void Close()
    {
        var changes = new ChangeCollector();
        foreach (var transceiver in _registry.All)
        {
            changes.Stop(transceiver);
        }

        _state.TransitionTo(SignalingState.Closed);
    }

    private SdpOrigin NextOrigin() => new() { SessionId = _sessionId, SessionVersion = ++_sessionVersion };

    private DescriptionChanges Rollback()
    {
        var changes = new ChangeCollector();
        var restoredIce = UndoPending(changes);
        return Finish(SignalingState.Stable, SdpType.Rollback, changes, restoredIce);
    }

    // The local credentials to go back to, if the pending description had others.
    private IceParameters? UndoPending(ChangeCollector changes)
    {
        var pending = _descriptions.PendingLocal?.GetIce();
        _updater.Rollback(changes);
        _descriptions.ClearPending();
        ForgetCreated();
        var current = _descriptions.CurrentLocal?.GetIce();
        return pending is not null && current is not null && pending != current ? current : null;
    }

    private DescriptionChanges Finish(SignalingState next, SdpType type, ChangeCollector changes, IceParameters? newLocalIce)
    {
        if (type == SdpType.Answer)
        {
            ForgetCreated();
            LearnNumbers(_descriptions.CurrentLocal!.Sdp);
            LearnNumbers(_descriptions.CurrentRemote!.Sdp);
            if (_iceToReplace is not null && _descriptions.CurrentLocal?.GetIce() != _iceToReplace)
            {
                _iceToReplace = null;
            }
        }

        Session = BuildSession(type);
        if (type == SdpType.Answer)
        {
            _stableSession = Session;
            _updater.Complete(changes);
        }

        var stateChanged = _state.TransitionTo(next);
        return changes.ToChanges(Session, stateChanged, newLocalIce);
    }

    private NegotiatedSession BuildSession(SdpType type)
    {
        if (type is SdpType.Offer or SdpType.Rollback)
        {
            // What was agreed on holds until the answer; of a first remote offer the transport is known ahead.
            return _stableSession ?? (_descriptions.PendingRemote is { } offer ? NegotiatedSessionBuilder.BuildOffered(offer) : new NegotiatedSession());
        }

        var session = NegotiatedSessionBuilder.Build(_descriptions.LatestLocal!, _descriptions.LatestRemote!, _registry.All);
        foreach (var media in session.Media)
        {
            ApplyParameters(media);
        }

        return session;
    }

    private void ApplyParameters(NegotiatedMedia media)
    {
        var (sender, receiver) = (media.Transceiver.Sender, media.Transceiver.Receiver);
        (sender.Codecs, receiver.Codecs) = (media.SendCodecs, media.ReceiveCodecs);
        (sender.HeaderExtensions, receiver.HeaderExtensions) = (media.HeaderExtensions, media.HeaderExtensions);
        sender.Rtcp = new RtcpParameters(Cname, media.ReducedSizeRtcp);
        var remote = _descriptions.LatestRemote!.Sdp.FindMedia(media.Mid);
        var cname = remote?.Attributes.GetAll<SdpSsrc>().FirstOrDefault(s => s.Attribute == "cname").Value;
        receiver.Rtcp = new RtcpParameters(cname ?? "", media.ReducedSizeRtcp);
    }

    private void ForgetCreated() => (_lastOffer, _lastAnswer) = (null, null);

    // The names of m-lines are used up for good, even if the description is rolled back.
    private void LearnMids(SdpSession sdp)
    {
        foreach (var media in sdp.Media)
        {
            _mids.Learn(media.Mid!);
        }
    }

    // The numbers that are agreed on bind later own offers.
    private void LearnNumbers(SdpSession sdp)
    {
        foreach (var media in sdp.Media.Where(m => !m.IsRejected && MediaLines.IsSupportedRtp(m)))
        {
            _payloadTypes.Learn(CodecReader.Read(media));
            _extensions.Learn(media);
        }
    }
}
