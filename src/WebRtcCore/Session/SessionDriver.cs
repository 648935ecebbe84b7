using System.Diagnostics.CodeAnalysis;
using WebRtcCore.Diagnostics;
using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp;
using WebRtcCore.Session.Negotiation;
using WebRtcCore.Transport;

namespace WebRtcCore.Session;

/// <summary>
/// Runs a session: its loop, its sockets, its gathering. Takes commands from any thread and does them on the loop; makes no protocol decisions.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Close() is the asynchronous way to dispose of what it owns; Completion tells when that is done.")]
internal sealed class SessionDriver : IConnectionLoopHandler, ITransmitTarget
{
    // A peer that sends four packets for each SACK grows with these up to 64 packets a turn; more would cost senders of many packets without that limit.
    private const int MaxEarlySacks = 16;

    private readonly ConnectionContext _context;
    private readonly MonotonicClock _clock;
    private readonly ConnectionLoop _loop;
    private readonly TransmitBatch _batch;
    private readonly RtcSessionOptions _sessionOptions;
    private readonly List<ILoopOutbox> _outboxes = [];
    private readonly WakeCommand _wake = new();
    private readonly CandidateSockets _sockets;
    private readonly NetworkFollower _networks;
    private readonly ServerStreams _streams;
    private readonly TcpCandidates _tcp;
    private readonly CandidateNames _names;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile PeerConnectionConfiguration _configuration;
    private volatile PeerConnectionConfiguration _gathered;
    private volatile PeerConnectionConfiguration _gatheredBefore;
    private volatile IReadOnlyList<TransportAddress> _relayHosts = [];
    private RtcSession _session = null!;
    private int _gatheringRequested;
    private bool _closed;
    private bool _hadFailed;
    private TransmitKind? _tooLarge;
    private int _earlySacks;

    public SessionDriver(ConnectionContext context, PeerConnectionConfiguration configuration, Certificate certificate, string cname)
    {
        _context = context;
        _configuration = _gathered = _gatheredBefore = configuration;
        _clock = new MonotonicClock(context.Options.TimeProvider);
        InitialIceParameters = MakeIceParameters();
        var options = context.Options;
        _sessionOptions = new RtcSessionOptions
        {
            Certificate = certificate.Core,
            Cname = cname,
            Ice = new IceAgentOptions { LocalCredentials = ToCredentials(InitialIceParameters), IsLite = options.IceLite },
            NtpOrigin = NtpTimestamp.From(_clock.ToWallClock(Instant.Zero)),
            MaxDatagramSize = options.MaxDatagramSize,
            MaxReceiveMessageSize = options.MaxMessageSize,
            DataReceiveBufferSize = options.DataReceiveBufferSize,
            DataSendBufferLimit = options.MaxBufferedAmount,
            DataCongestionControl = options.DataCongestionControl,
            DataZeroChecksum = options.DataZeroChecksum,
            DataMaxPathMtu = options.DataMaxPathMtu,
            CongestionControl = options.CongestionControl,
            KeyLog = options.KeyLog,
        };
        _batch = new TransmitBatch(this, _sessionOptions.LargestDatagram + IceRelays.MaxOverhead);
        _loop = new ConnectionLoop(this, _clock, context.Logger);
        _sockets = new CandidateSockets(context, _loop, _loop.Inbox);
        _sockets.AddFragment(InitialIceParameters.UsernameFragment);
        _tcp = new TcpCandidates(context, _loop, action => Post((session, now) => action(session.Ice, now)));
        _tcp.AddFragment(InitialIceParameters.UsernameFragment);
        _names = new CandidateNames(context);
        _networks = new NetworkFollower(context, _sockets, _tcp, _names, Post);
        _streams = new ServerStreams(
            options,
            _loop,
            (id, local) => Post((session, now) => session.Ice.Relays.OnStreamOpened(id, local, now)),
            id => Post((session, now) => session.Ice.Relays.OnStreamClosed(id, now)),
            context.Logger);
    }

    /// <summary>The ICE credentials that the session starts with.</summary>
    public IceParameters InitialIceParameters { get; }

    /// <summary>Completes when everything is closed and released.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Whether the caller is inside a turn of the loop.</summary>
    public bool IsOnLoop => _loop.IsOnLoop;

    public MonotonicClock Clock => _clock;

    /// <summary>Whether neither the loop nor the dispatcher has anything to do; for tests.</summary>
    internal bool IsIdle => _loop.IsIdle && _context.Dispatcher.IsIdle;

    /// <summary>Grows with all that the loop or the dispatcher begins; for tests.</summary>
    internal long Activity => _loop.Turns + _context.Dispatcher.Posted;

    /// <summary>The session; only the loop may use it.</summary>
    public RtcSession Session
    {
        get
        {
            _loop.AssertOnLoop();
            return _session;
        }
    }

    Instant? IConnectionLoopHandler.NextTimeout => _session.NextTimeout;

    /// <summary>Makes the session. Called once, before anything else.</summary>
    public void Start(IRtcSessionObserver observer)
    {
        _session = new RtcSession(_sessionOptions, _context.Random, observer, _context.Logger);
        RtcMeter.ConnectionOpened();
    }

    /// <summary>Registers a queue to be drained in every turn.</summary>
    public void AddOutbox(ILoopOutbox outbox) => _outboxes.Add(outbox);

    public void SetConfiguration(PeerConnectionConfiguration configuration) => _configuration = configuration;

    /// <summary>New ICE credentials, for a restart.</summary>
    public IceParameters MakeIceParameters()
    {
        var credentials = IceCredentials.Generate(_context.Random);
        return new IceParameters(credentials.UsernameFragment, credentials.Password);
    }

    /// <summary>Sees to it that a turn comes soon.</summary>
    public void Wake()
    {
        // On the loop the turn's own flush drains the outboxes.
        if (!_loop.IsOnLoop && _wake.TryClaim())
        {
            _loop.Post(_wake);
        }
    }

    /// <summary>Sees to it that another turn follows; for what this turn has left behind. On the loop.</summary>
    public void WakeAgain()
    {
        if (_wake.TryClaim())
        {
            _loop.Post(_wake);
        }
    }

    /// <summary>Does something on the loop, in the order of the calls.</summary>
    public void Post(Action<RtcSession, Instant> action) => _loop.Post(now => action(_session, now));

    /// <summary>Reads something on the loop; answers <see langword="null"/> if the connection is closed meanwhile.</summary>
    public async Task<T?> ReadAsync<T>(Func<RtcSession, Instant, T> read, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await _loop.InvokeAsync(now => read(_session, now)).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    public void Apply(NegotiatedSession session) => Post((s, now) => s.Apply(session, now));

    public void SetIceRole(bool isControlling) => Post((s, _) => s.Ice.SetRole(isControlling ? Ice.IceRole.Controlling : Ice.IceRole.Controlled));

    public void AddRemoteCandidate(IceCandidate candidate) => Post((session, now) =>
    {
        if (candidate.Candidate.Length == 0)
        {
            session.Remotes.End(now);
        }
        else if (candidate.Parsed is { } parsed)
        {
            session.Remotes.Add(parsed, now);
        }
    });

    /// <summary>Restarts ICE with new local credentials; the sockets stay. Another configuration counts from here on.</summary>
    public void RestartIce(IceParameters local)
    {
        _sockets.AddFragment(local.UsernameFragment);
        _tcp.AddFragment(local.UsernameFragment);
        _gatheredBefore = _gathered;
        if (!ConfigurationRules.GathersOtherwise(_gathered, _configuration))
        {
            Post((session, now) => session.Ice.Restart(ToCredentials(local), now));
            return;
        }

        Post((session, now) => session.Ice.RestartWithoutGathering(ToCredentials(local), now));
        _ = GatherAnewAsync(_configuration);
    }

    /// <summary>Goes back to the local credentials from before a restart whose offer is rolled back.</summary>
    public void UndoIceRestart(IceParameters local)
    {
        _gathered = _gatheredBefore;
        Post((session, now) => session.UndoIceRestart(ToCredentials(local), now));
    }

    /// <summary>Binds sockets and gathers, the first time it is called; an ICE restart gathers by itself.</summary>
    public void StartGathering()
    {
        if (Interlocked.Exchange(ref _gatheringRequested, 1) == 0)
        {
            _gathered = _configuration;
            _ = GatherAsync(_gathered);
        }
    }

    /// <summary>
    /// Gathers before there is a local description; again, if the configuration has changed since: what was gathered is void then, which <paramref name="discard"/> is
    /// told in the order of events.
    /// </summary>
    public void GatherAhead(IceParameters local, Action discard)
    {
        if (Volatile.Read(ref _gatheringRequested) == 0)
        {
            StartGathering();
        }
        else if (ConfigurationRules.GathersOtherwise(_gathered, _configuration))
        {
            Post((session, now) =>
            {
                session.Ice.RestartWithoutGathering(ToCredentials(local), now);
                _context.Dispatcher.Post(discard);
            });
            _ = GatherAnewAsync(_configuration);
        }
    }

    /// <summary>Room for a packet to be sent in this turn; see <see cref="TransmitBatch"/>. On the loop.</summary>
    public Span<byte> NextDatagram() => _batch.Next();

    /// <summary>The packet lies where <see cref="NextDatagram"/> pointed. On the loop.</summary>
    public void AddDatagram(in Transmit transmit) => _batch.Add(transmit);

    /// <summary>Says goodbye to the peer, stops the loop, closes the sockets.</summary>
    public void Close() => _ = CloseAsync();

    void IConnectionLoopHandler.OnDatagram(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        // Only STUN moves what ICE holds of a path; the bytes may be others afterwards.
        var mayValidate = _sockets.IsShared && DatagramDemux.Classify(datagram) == DatagramKind.Stun;
        _session.HandleDatagram(datagram, path, now);
        if (mayValidate && _session.Ice.IsValidatedPath(path))
        {
            _sockets.Claim(path, _session.Ice.IsAnsweredPath(path));
        }

        // The SACK for the first packets of a turn does not wait for the last one, unless so many come at once that the peer waits for none.
        if (!_closed && _earlySacks < MaxEarlySacks && _session.Data.IsSackAwaited)
        {
            _earlySacks++;
            FillBatch(now);
        }
    }

    void IConnectionLoopHandler.OnTimeout(Instant now) => _session.HandleTimeout(now);

    void IConnectionLoopHandler.Flush(Instant now)
    {
        if (_closed)
        {
            return;
        }

        foreach (var outbox in _outboxes)
        {
            outbox.Drain(_session, now);
        }

        _session.Advance(now);
        PollTransmits(now);
        _earlySacks = 0;
        foreach (var outbox in _outboxes)
        {
            outbox.AfterTransmit(_session);
        }
    }

    void ITransmitTarget.Send(ReadOnlySpan<byte> datagrams, int segmentSize, in NetworkPath path)
    {
        if (path.Protocol != TransportProtocol.Udp)
        {
            if (!_tcp.Streams.TrySend(datagrams, segmentSize, path))
            {
                _streams.Send(datagrams, segmentSize, path);
            }
        }
        else
        {
            NoteTooLarge(_sockets.Send(datagrams, segmentSize, path), TransmitKind.Normal);
        }
    }

    void ITransmitTarget.SendAlone(ReadOnlySpan<byte> datagram, TransmitKind kind, in NetworkPath path)
    {
        if (path.Protocol != TransportProtocol.Udp)
        {
            ((ITransmitTarget)this).Send(datagram, datagram.Length, path);
        }
        else
        {
            NoteTooLarge(_sockets.SendAlone(datagram, kind, path), kind);
        }
    }

    private static IceCredentials ToCredentials(IceParameters parameters) => new(parameters.UsernameFragment, parameters.Password);

    private void NoteTooLarge(SendOutcome outcome, TransmitKind kind) => _tooLarge = outcome == SendOutcome.TooLarge ? kind : _tooLarge;

    private void PollTransmits(Instant now)
    {
        do
        {
            FillBatch(now);
            _batch.Flush();
        }
        while (TellTooLarge(now));
        while (_session.Ice.Relays.TryPollStreamRequest(out var request))
        {
            _streams.Handle(request!);
        }

        while (_session.Ice.Tcp.TryPollRequest(out var tcpRequest))
        {
            _tcp.Streams.Handle(tcpRequest);
        }

        while (_session.Remotes.TryPollRequest(out var name))
        {
            _ = ResolveAsync(name);
        }
    }

    private void FillBatch(Instant now)
    {
        while (_session.TryPollTransmit(_batch.Next(), now, out var transmit))
        {
            _batch.Add(transmit);
        }
    }

    // The session may have another size to try at once.
    private bool TellTooLarge(Instant now)
    {
        if (_tooLarge is not { } kind)
        {
            return false;
        }

        _tooLarge = null;
        _session.OnDatagramTooLarge(kind, now);
        return true;
    }

    private async Task GatherAsync(PeerConnectionConfiguration configuration)
    {
        var bound = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _networks.Start(bound.Task);
        var discover = _context.Options.Networks is { } networks ? networks.Discover : (Func<IReadOnlyList<InterfaceAddress>>)InterfaceAddress.Discover;
        var addresses = LocalAddresses.Select(_context.Options, discover);
        var hosts = await _sockets.BindAsync(addresses).ConfigureAwait(false);
        var relayHosts = GatheringPlan.NeedsRelaySockets(configuration) ? await _sockets.BindForRelaysAsync(hosts).ConfigureAwait(false) : [];
        var plan = await PlanAsync(configuration, hosts).ConfigureAwait(false);
        var tcpHosts = plan.IsRelayOnly ? [] : await _tcp.BindAsync(addresses).ConfigureAwait(false);
        _relayHosts = relayHosts;
        plan = plan with { RelayHostAddresses = relayHosts, TcpHosts = tcpHosts, HostNames = _names.Hide([.. plan.HostAddresses, .. tcpHosts.Select(static host => host.Address)]) };
        Post((session, now) => session.Ice.StartGathering(plan, now));
        bound.TrySetResult();
    }

    private async Task ResolveAsync(string name)
    {
        // With relays only nobody but their servers is spoken to.
        var isHidden = _configuration.IceTransportPolicy == IceTransportPolicy.Relay;
        var address = isHidden ? default : await _names.ResolveAsync(name).ConfigureAwait(false);
        Post((session, now) => session.Remotes.OnResolved(name, address, now));
    }

    private async Task GatherAnewAsync(PeerConnectionConfiguration configuration)
    {
        _gathered = configuration;
        var plan = await PlanAsync(configuration, _sockets.Bound).ConfigureAwait(false);
        plan = plan with { RelayHostAddresses = _relayHosts, TcpHosts = plan.IsRelayOnly ? [] : _tcp.Hosts };
        plan = plan with { HostNames = _names.Hide([.. plan.HostAddresses, .. plan.TcpHosts.Select(static host => host.Address)]) };
        Post((session, now) => session.Ice.GatherAnew(plan, now));
    }

    private Task<IceGatheringOptions> PlanAsync(PeerConnectionConfiguration configuration, IReadOnlyList<LocalAddress> hosts)
    {
        var services = _context.Options.LookUpServiceRecords ? new ServiceResolver(_context.Options.TimeProvider, _context.Random, NameServers.Find) : null;
        return GatheringPlan.MakeAsync(configuration, hosts, new StunServerResolver(_context.Options.TimeProvider, _context.Logger, services: services));
    }

    private async Task CloseAsync()
    {
        try
        {
            await _loop.InvokeAsync(Farewell).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // Another call was faster.
            return;
        }

        _networks.Dispose();
        await _loop.StopAsync().ConfigureAwait(false);
        _names.Dispose();
        await _sockets.DisposeAsync().ConfigureAwait(false);
        await _streams.DisposeAsync().ConfigureAwait(false);
        await _tcp.DisposeAsync().ConfigureAwait(false);
        _session.Dispose();
        RtcMeter.ConnectionClosed(_hadFailed);
        _completion.TrySetResult();
    }

    // The order in which browsers end: ABORT and BYE inside, then close_notify, then silence.
    private void Farewell(Instant now)
    {
        if (_closed)
        {
            return;
        }

        // Asked before closing ICE, which has another state then.
        _hadFailed = _session.Ice.State == IceAgentState.Failed;
        foreach (var outbox in _outboxes)
        {
            outbox.Drain(_session, now);
        }

        PollTransmits(now);
        _session.Close(now);
        PollTransmits(now);
        _session.CloseTransport(now);
        PollTransmits(now);
        _session.CloseIce(now);
        PollTransmits(now);
        _closed = true;
    }

    /// <summary>Does nothing: the turn that it causes is the point. At most one is under way.</summary>
    private sealed class WakeCommand : ILoopCommand
    {
        private int _claimed;

        public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

        // Released before the turn drains the outboxes, so whatever comes later finds it free again.
        public void Execute(Instant now) => Volatile.Write(ref _claimed, 0);
    }
}
