using WebRtcCore.Dtls;
using WebRtcCore.Primitives;
using WebRtcCore.Session;
using WebRtcCore.Session.Negotiation;

namespace WebRtcCore;

/// <summary>
/// W3C <c>RTCPeerConnection</c>: a connection to one peer that carries audio, video and data, directly and encrypted.
/// Every member may be used from any thread. Events are raised one after another: on the thread pool, or on
/// <see cref="PeerConnectionOptions.SynchronizationContext"/>; a method's task completes after the events that the method caused.
/// </summary>
public sealed class PeerConnection : IAsyncDisposable
{
    // One message is held in one array.
    private const long MessageLimit = 1L << 30;

    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(30);

    private readonly ConnectionContext _context;
    private readonly Negotiator _negotiator;
    private readonly SessionDriver _driver;
    private readonly OperationsChain _chain;
    private readonly MediaOperations _media;
    private readonly DataChannelRegistry _channels;
    private readonly ConnectionStates _states;
    private readonly StatsCollector _stats;
    private readonly SessionEvents _events;
    private PeerConnectionConfiguration _configuration;
    private IceParameters _localIce;
    private volatile bool _closed;
    private bool _negotiationNeeded;

    /// <summary>Creates a connection with default options.</summary>
    /// <param name="configuration">W3C's configuration, or <see langword="null"/> for the defaults.</param>
    public PeerConnection(PeerConnectionConfiguration? configuration = null)
        : this(configuration, null)
    {
    }

    /// <summary>Creates a connection.</summary>
    /// <param name="configuration">W3C's configuration, or <see langword="null"/> for the defaults.</param>
    /// <param name="options">What W3C does not know, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">A server's URL or an option is not valid.</exception>
    /// <exception cref="RtcException">InvalidAccessError: a certificate has expired.</exception>
    public PeerConnection(PeerConnectionConfiguration? configuration, PeerConnectionOptions? options)
    {
        _configuration = configuration ?? new PeerConnectionConfiguration();
        options ??= PeerConnectionOptions.Default;
        ConfigurationRules.Validate(_configuration, options);
        _context = new ConnectionContext(options);
        Certificate = _configuration.Certificates is [var first, ..] ? first : MakeCertificate(options.TimeProvider);
        _media = new MediaOperations(_context, RefreshNegotiationNeeded);
        _negotiator = new Negotiator(_media, options, _context.Random);
        _driver = new SessionDriver(_context, _configuration, Certificate, _negotiator.Cname);
        _localIce = _driver.InitialIceParameters;
        _states = new ConnectionStates(Math.Min(options.MaxBufferedAmount, MessageLimit));
        _channels = new DataChannelRegistry(_context, _driver, _states);
        _stats = new StatsCollector(_context, _driver, _states, _channels, _negotiator, Certificate);
        _media.Attach(_negotiator, _driver, _states, _stats.CollectAsync);
        _chain = new OperationsChain(RefreshNegotiationNeeded);
        _events = new SessionEvents(this, _context, _negotiator, _channels, _states);
        _driver.Start(_events);
        GatherAhead();
    }

    /// <summary>Session negotiation is to be done: create an offer and send it.</summary>
    public event EventHandler? NegotiationNeeded;

    /// <summary>A local candidate is to be sent to the peer; <see langword="null"/> at the end.</summary>
    public event EventHandler<IceCandidateEventArgs>? IceCandidate;

    /// <summary>A STUN or TURN server did not help.</summary>
    public event EventHandler<IceCandidateErrorEventArgs>? IceCandidateError;

    /// <summary><see cref="SignalingState"/> has changed.</summary>
    public event EventHandler? SignalingStateChange;

    /// <summary><see cref="IceConnectionState"/> has changed.</summary>
    public event EventHandler? IceConnectionStateChange;

    /// <summary><see cref="IceGatheringState"/> has changed.</summary>
    public event EventHandler? IceGatheringStateChange;

    /// <summary><see cref="ConnectionState"/> has changed.</summary>
    public event EventHandler? ConnectionStateChange;

    /// <summary>The peer has opened a data channel.</summary>
    public event EventHandler<DataChannelEventArgs>? DataChannel;

    /// <summary>The peer begins to send a track.</summary>
    public event EventHandler<TrackEventArgs>? Track;

    /// <summary>Where offer and answer stand.</summary>
    public SignalingState SignalingState => _closed ? SignalingState.Closed : _negotiator.SignalingState;

    /// <summary>The state of gathering.</summary>
    public IceGatheringState IceGatheringState => _states.IceGathering;

    /// <summary>The state of the checks.</summary>
    public IceConnectionState IceConnectionState => _states.IceConnection;

    /// <summary>ICE and DTLS together.</summary>
    public PeerConnectionState ConnectionState => _states.Connection;

    /// <summary>Whether the peer takes candidates one by one; <see langword="null"/> before a remote description.</summary>
    public bool? CanTrickleIceCandidates => Locked(n => n.CanTrickleIceCandidates);

    /// <summary>The pending description if there is one, else the current one.</summary>
    public SessionDescription? LocalDescription => Locked(n => n.PendingLocalDescription ?? n.CurrentLocalDescription);

    /// <summary>The local description last agreed on, with the candidates gathered since.</summary>
    public SessionDescription? CurrentLocalDescription => Locked(n => n.CurrentLocalDescription);

    /// <summary>The local description being negotiated.</summary>
    public SessionDescription? PendingLocalDescription => Locked(n => n.PendingLocalDescription);

    /// <summary>The pending description if there is one, else the current one.</summary>
    public SessionDescription? RemoteDescription => Locked(n => n.PendingRemoteDescription ?? n.CurrentRemoteDescription);

    /// <summary>The remote description last agreed on.</summary>
    public SessionDescription? CurrentRemoteDescription => Locked(n => n.CurrentRemoteDescription);

    /// <summary>The remote description being negotiated.</summary>
    public SessionDescription? PendingRemoteDescription => Locked(n => n.PendingRemoteDescription);

    /// <summary>The SCTP transport, once data channels are negotiated.</summary>
    public SctpTransport? Sctp => _states.Sctp;

    internal Certificate Certificate { get; }

    internal SessionDriver Driver => _driver;

    /// <summary>Makes a key and certificate that can serve several connections.</summary>
    public static Task<Certificate> GenerateCertificateAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.Run(() => MakeCertificate(TimeProvider.System), cancellationToken);
    }

    /// <summary>The configuration.</summary>
    public PeerConnectionConfiguration GetConfiguration() => _configuration;

    /// <summary>
    /// Changes the configuration: servers and policy for the next gathering, which an ICE restart begins. Before the first local description what was gathered ahead is
    /// gathered anew.
    /// </summary>
    /// <exception cref="RtcException">
    /// InvalidStateError: closed. InvalidModificationError: bundle policy, mux policy or certificates differ, or the candidate pool's size after a local description.
    /// </exception>
    public void SetConfiguration(PeerConnectionConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ThrowIfClosed();
        ConfigurationRules.Validate(configuration, _context.Options);
        ConfigurationRules.ThrowIfNotChangeable(_configuration, configuration, hasLocalDescription: LocalDescription is not null);
        _configuration = configuration;
        _driver.SetConfiguration(configuration);
        GatherAhead();
    }

    /// <summary>Makes an offer. Nothing is changed until it is given to <see cref="SetLocalDescriptionAsync(SessionDescription, CancellationToken)"/>.</summary>
    /// <exception cref="RtcException">InvalidStateError: closed, or an offer of the peer is pending.</exception>
    public Task<SessionDescription> CreateOfferAsync(OfferOptions? options = null, CancellationToken cancellationToken = default) =>
        EnqueueAsync(() => CreateOffer(options ?? new OfferOptions()), cancellationToken);

    /// <summary>Makes the answer to the pending remote offer.</summary>
    /// <exception cref="RtcException">InvalidStateError: closed, or no offer of the peer is pending.</exception>
    public Task<SessionDescription> CreateAnswerAsync(CancellationToken cancellationToken = default) =>
        EnqueueAsync(CreateAnswer, cancellationToken);

    /// <summary>Makes the offer or answer that the state calls for, and applies it.</summary>
    public Task SetLocalDescriptionAsync(CancellationToken cancellationToken = default) => EnqueueAsync(
        () => ApplyLocalAsync(
            _negotiator.SignalingState is SignalingState.Stable or SignalingState.HaveLocalOffer or SignalingState.HaveRemotePrAnswer
                ? CreateOffer(new OfferOptions())
                : CreateAnswer()),
        cancellationToken);

    /// <summary>Applies a description made by this connection, or rolls back. Gathering begins.</summary>
    /// <exception cref="RtcException">InvalidStateError: not in this state. InvalidModificationError: not what was created.</exception>
    public Task SetLocalDescriptionAsync(SessionDescription description, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(description);
        return EnqueueAsync(() => ApplyLocalAsync(description), cancellationToken);
    }

    /// <summary>Applies the peer's description, or rolls back. An offer while our own is pending rolls that back first.</summary>
    /// <exception cref="RtcException">InvalidStateError: not in this state. OperationError: it cannot be applied.</exception>
    /// <exception cref="RtcErrorException">SdpSyntaxError: it cannot be parsed.</exception>
    public Task SetRemoteDescriptionAsync(SessionDescription description, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(description);
        return EnqueueAsync(() => ApplyRemoteAsync(description), cancellationToken);
    }

    /// <summary>Adds a candidate of the peer; <see langword="null"/> or an empty one ends them.</summary>
    /// <exception cref="RtcException">InvalidStateError: no remote description. OperationError: it fits no m-line or generation.</exception>
    public Task AddIceCandidateAsync(IceCandidate? candidate, CancellationToken cancellationToken = default) => EnqueueAsync(
        () =>
        {
            var added = candidate ?? new IceCandidate();

            // A candidate of an m-line outside the BUNDLE transport is taken, as browsers do, and of no use.
            if (Locked(n => n.AddRemoteCandidate(added)))
            {
                _states.Ice.AddRemoteCandidate(added);
                _driver.AddRemoteCandidate(added);
            }

            return Task.CompletedTask;
        },
        cancellationToken);

    /// <summary>Asks for new ICE credentials and candidates in the next offer.</summary>
    public void RestartIce()
    {
        if (!_closed)
        {
            Locked(n => n.IceRestartRequested = true);
            RefreshNegotiationNeeded();
        }
    }

    /// <summary>Creates a data channel. The first one needs negotiation.</summary>
    /// <param name="label">At most 65,535 bytes of UTF-8.</param>
    /// <param name="options">Reliability and the rest, or <see langword="null"/> for an ordered, reliable channel.</param>
    /// <exception cref="RtcException">InvalidStateError: closed. OperationError: the id is in use.</exception>
    /// <exception cref="ArgumentException">The label, protocol, id or reliability is not valid.</exception>
    public DataChannel CreateDataChannel(string label, DataChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(label);
        ThrowIfClosed();
        var channel = _channels.Create(label, options ?? new DataChannelOptions());
        if (_closed)
        {
            // Close was faster than Create.
            _channels.CloseAll();
        }

        Locked(n => n.RequestDataChannel());
        RefreshNegotiationNeeded();
        return channel;
    }

    /// <summary>Sends a track: through a transceiver that can take it, or a new one.</summary>
    /// <exception cref="RtcException">InvalidStateError: closed. InvalidAccessError: the track is sent already.</exception>
    public RtpSender AddTrack(MediaStreamTrack track, params IReadOnlyList<MediaStream> streams)
    {
        ArgumentNullException.ThrowIfNull(track);
        ThrowIfClosed();
        var sender = Locked(n => n.AddTrack(track, streams));
        RefreshNegotiationNeeded();
        return sender;
    }

    /// <summary>Stops sending a track. The transceiver stays, for receiving or another track.</summary>
    /// <exception cref="RtcException">InvalidStateError: closed. InvalidAccessError: the sender is another connection's.</exception>
    public void RemoveTrack(RtpSender sender)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ThrowIfClosed();
        Locked(n => n.RemoveTrack(sender));
        RefreshNegotiationNeeded();
    }

    /// <summary>Adds a transceiver that sends <paramref name="track"/>.</summary>
    /// <exception cref="RtcException">InvalidStateError: closed.</exception>
    public RtpTransceiver AddTransceiver(MediaStreamTrack track, RtpTransceiverOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(track);
        return AddTransceiver(track.Kind, track, options);
    }

    /// <summary>Adds a transceiver that has no track to send yet.</summary>
    /// <exception cref="RtcException">InvalidStateError: closed.</exception>
    public RtpTransceiver AddTransceiver(MediaKind kind, RtpTransceiverOptions? options = null) => AddTransceiver(kind, null, options);

    /// <summary>The transceivers, in the order of their creation.</summary>
    public IReadOnlyList<RtpTransceiver> GetTransceivers() => Locked(n => (IReadOnlyList<RtpTransceiver>)[.. n.Transceivers]);

    /// <summary>The senders of all transceivers that are not stopped.</summary>
    public IReadOnlyList<RtpSender> GetSenders() => [.. GetTransceivers().Where(t => !t.IsStopped).Select(t => t.Sender)];

    /// <summary>The receivers of all transceivers that are not stopped.</summary>
    public IReadOnlyList<RtpReceiver> GetReceivers() => [.. GetTransceivers().Where(t => !t.IsStopped).Select(t => t.Receiver)];

    /// <summary>When each phase of the setup was complete. Not W3C's.</summary>
    public SetupTimings GetSetupTimings() => _events.Timeline.Timings;

    /// <summary>Statistics of everything.</summary>
    public Task<StatsReport> GetStatsAsync(CancellationToken cancellationToken = default) => _stats.CollectAsync(null, null, cancellationToken);

    /// <summary>
    /// Ends the connection at once: the peer is told, sockets are closed, no more events but the channels' <see cref="WebRtcCore.DataChannel.Closed"/>
    /// are raised. What is still on its way is lost; <see cref="CloseAsync"/> waits for it. Does nothing a second time.
    /// </summary>
    public void Close()
    {
        lock (_context.Gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            _negotiator.Close();
        }

        _states.Close();
        _driver.Close();
        foreach (var transceiver in GetTransceivers())
        {
            transceiver.Receiver.CompleteFrames();
            transceiver.Sender.Release();
        }

        _channels.CloseAll();
    }

    /// <summary>
    /// Closes every data channel as <see cref="WebRtcCore.DataChannel.CloseAsync"/> does, so that all that was sent arrives, and then the connection, as
    /// <see cref="Close"/> does. Media ends at once. Channels that are opened meanwhile are not waited for.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait for the channels; the connection is then closed at once.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled before everything had arrived.</exception>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        var closing = Task.WhenAll(_channels.Snapshot().Select(channel => channel.CloseAsync(cancellationToken)));
        await closing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Close();
        await _driver.Completion.ConfigureAwait(false);
        if (closing.IsCanceled)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Closes the connection and waits until its sockets are closed and its keys are erased.</summary>
    public async ValueTask DisposeAsync()
    {
        Close();
        await _driver.Completion.ConfigureAwait(false);
        if (_configuration.Certificates.Count == 0)
        {
            Certificate.Dispose();
        }
    }

    internal bool IsClosed => _closed;

    internal void RaiseIceCandidate(IceCandidate? candidate) => IceCandidate?.Invoke(this, new IceCandidateEventArgs(candidate));

    internal void RaiseIceCandidateError(IceCandidateErrorEventArgs e) => IceCandidateError?.Invoke(this, e);

    internal void RaiseIceGatheringStateChange() => IceGatheringStateChange?.Invoke(this, EventArgs.Empty);

    internal void RaiseIceConnectionStateChange() => IceConnectionStateChange?.Invoke(this, EventArgs.Empty);

    internal void RaiseConnectionStateChange() => ConnectionStateChange?.Invoke(this, EventArgs.Empty);

    internal void RaiseDataChannel(DataChannel channel) => DataChannel?.Invoke(this, new DataChannelEventArgs(channel));

    internal static Certificate MakeCertificate(TimeProvider time) =>
        new(DtlsCertificate.Generate(time.GetUtcNow(), CertificateLifetime, SystemRandomSource.Instance));

    // W3C webrtc 4.4.1.6: the candidate pool.
    private void GatherAhead()
    {
        if (_configuration.IceCandidatePoolSize > 0 && LocalDescription is null)
        {
            _driver.GatherAhead(_localIce, _events.DiscardGathered);
        }
    }

    private RtpTransceiver AddTransceiver(MediaKind kind, MediaStreamTrack? track, RtpTransceiverOptions? options)
    {
        ThrowIfClosed();
        var transceiver = Locked(n => n.AddTransceiver(kind, track, options ?? new RtpTransceiverOptions()));
        RefreshNegotiationNeeded();
        return transceiver;
    }

    private SessionDescription CreateOffer(OfferOptions options) => Locked(n => n.CreateOffer(GetLocalTransport(options.IceRestart || n.IceRestartRequested)));

    // RFC 8839 4.4.1.1: an answer to a restart carries new credentials too.
    private SessionDescription CreateAnswer() => Locked(n => n.CreateAnswer(GetLocalTransport(n.IsRemoteIceRestart)));

    private LocalTransport GetLocalTransport(bool restart) => new()
    {
        Ice = restart ? _driver.MakeIceParameters() : _localIce,
        IsIceLite = _context.Options.IceLite,
        Fingerprints = Certificate.GetFingerprints(),
        Candidates = restart ? [] : [.. _states.Ice.GetLocalCandidates().Select(c => c.Candidate)],
        IsEndOfCandidates = !restart && _states.IceGathering == IceGatheringState.Complete && !_context.Options.ContinualGathering,
        DtlsRole = _states.DtlsRole,
    };

    private async Task ApplyLocalAsync(SessionDescription description)
    {
        await ApplyAsync(n =>
        {
            var changes = n.SetLocal(description);
            SettleIceRole(isOffererHere: description.Type == SdpType.Offer);
            ApplyLocalIce(changes, isUndone: description.Type == SdpType.Rollback);
            _states.Ice.SetParameters(_localIce, null);
            return changes;
        }).ConfigureAwait(false);
        if (description.Type != SdpType.Rollback)
        {
            _context.Dispatcher.Post(_events.OpenGathering);
            _driver.StartGathering();
        }
    }

    private Task ApplyRemoteAsync(SessionDescription description) => ApplyAsync(n =>
    {
        var changes = n.SetRemote(description);
        SettleIceRole(isOffererHere: description.Type != SdpType.Offer);
        ApplyLocalIce(changes, isUndone: true);
        _states.Ice.SetParameters(LocalDescription is null ? null : _localIce, changes.Session.Transport?.RemoteIce);
        return changes;
    });

    // A description of the peer changes the local credentials only by rolling the own offer back (RFC 8829, 4.1.10.2).
    private void ApplyLocalIce(DescriptionChanges changes, bool isUndone)
    {
        if (changes.NewLocalIce is not { } ice || ice == _localIce)
        {
            return;
        }

        _localIce = ice;
        if (isUndone)
        {
            _driver.UndoIceRestart(ice);
        }
        else
        {
            _driver.RestartIce(ice);
        }
    }

    // RFC 8445 6.1.1: the agent that made the first offer controls; a conflict is the agents' affair. A lite agent never does.
    private void SettleIceRole(bool isOffererHere)
    {
        if (_states.Ice.Role == IceRole.Unknown)
        {
            var isControlling = isOffererHere && !_context.Options.IceLite;
            _states.Ice.Role = isControlling ? IceRole.Controlling : IceRole.Controlled;
            _driver.SetIceRole(isControlling);
        }
    }

    // State and events change in one dispatched action, as W3C wants; the loop learns before the handlers, so that what they do next finds it prepared.
    private Task ApplyAsync(Func<Negotiator, DescriptionChanges> apply) => _context.Dispatcher.InvokeAsync(() =>
    {
        ThrowIfClosed();
        var changes = Locked(apply);
        _states.Apply(changes.Session);
        _channels.Apply(changes.Session);
        _driver.Apply(changes.Session);
        if (_negotiator.SignalingState == SignalingState.Stable)
        {
            _negotiationNeeded = false;
        }

        RaiseEvents(changes);
    });

    private void RaiseEvents(DescriptionChanges changes)
    {
        foreach (var receiver in changes.MutedReceivers)
        {
            receiver.Track.SetMuted(true);
        }

        foreach (var transceiver in changes.StoppedTransceivers)
        {
            transceiver.Receiver.End();
            transceiver.Sender.Release();
        }

        if (changes.SignalingStateChanged)
        {
            SignalingStateChange?.Invoke(this, EventArgs.Empty);
        }

        foreach (var track in changes.AddedTracks)
        {
            Track?.Invoke(this, track);
        }
    }

    // W3C webrtc 4.7.3: the event is raised once, when nothing is going on and something is to be negotiated.
    private void RefreshNegotiationNeeded() => _context.Dispatcher.Post(() =>
    {
        if (_closed || !_chain.IsEmpty || _negotiator.SignalingState != SignalingState.Stable)
        {
            return;
        }

        var needed = Locked(n => n.IsNegotiationNeeded());
        var raise = needed && !_negotiationNeeded;
        _negotiationNeeded = needed;
        if (raise)
        {
            NegotiationNeeded?.Invoke(this, EventArgs.Empty);
        }
    });

    private Task EnqueueAsync(Func<Task> operation, CancellationToken cancellationToken)
    {
        return _chain.EnqueueAsync(
            () =>
            {
                ThrowIfClosed();
                return operation();
            },
            cancellationToken);
    }

    private Task<T> EnqueueAsync<T>(Func<T> operation, CancellationToken cancellationToken)
    {
        return _chain.EnqueueAsync(
            () =>
            {
                ThrowIfClosed();
                return Task.FromResult(operation());
            },
            cancellationToken);
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw RtcException.InvalidState("The connection is closed.");
        }
    }

    private T Locked<T>(Func<Negotiator, T> action)
    {
        lock (_context.Gate)
        {
            return action(_negotiator);
        }
    }

    private void Locked(Action<Negotiator> action)
    {
        lock (_context.Gate)
        {
            action(_negotiator);
        }
    }
}
