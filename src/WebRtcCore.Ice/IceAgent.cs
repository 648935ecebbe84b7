using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>
/// An ICE agent for one component over UDP and TCP (RFC 8445, 8838, 7675, 6544), sans-IO: it is told the time and handed datagrams, and is polled
/// for what to send and what happened. Single-threaded. After each handle or command poll <see cref="TryPollTransmit"/> and
/// <see cref="TryPollEvent"/> until both answer <see langword="false"/>, then arm one timer at <see cref="NextTimeout"/>.
/// </summary>
/// <remarks>
/// <code>
/// New --remote credentials--> Checking --a pair works--> Connected --nominated, all checks ended--> Completed
///                                |                        |      ^                                   |
///                                |                  no answer   answer                          no answer
///                                |                        v      |                                   v
///                                +--nothing works--> Failed  &lt;--consent expired-- Disconnected  &lt;----+
/// Restart: Failed and Disconnected go back to Checking, the others stay. Close: any state goes to Closed.
/// </code>
/// </remarks>
public sealed class IceAgent : IDisposable
{
    private readonly CheckContext _context;
    private readonly AgentRole _role;
    private readonly IceOutbox _outbox;
    private readonly CandidateGatherer _gatherer;
    private readonly CheckGenerations _generations;
    private readonly ConnectionProgress _progress;
    private readonly InboundStun _inbound;
    private bool _isSilent;
    private CandidatePair? _reportedPair;
    private (int Id, uint Nomination) _reportedNomination;
    private Instant? _removingAt;

    /// <summary>Creates an agent and draws its credentials.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public IceAgent(IceAgentOptions options, IRandomSource random, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        _role = new AgentRole(options.IsLite ? IceRole.Controlled : options.Role, options.IsLite, random);
        Relays = new IceRelays(options, random, logger ?? NullLogger.Instance) { Settle = Settle, Lost = OnRelayLost };
        Tcp = new IceTcpStreams { Settle = Settle, Lost = path => _generations!.OnStreamLost(path), Gone = (local, now) => _generations!.RemoveLocal(local, TransportProtocol.Tcp, now) };
        _outbox = new IceOutbox(_role, Relays, Tcp);
        Relays.Resend = message => _outbox.Send(message);
        Tcp.Resend = message => _outbox.Send(message);
        _context = new CheckContext(options, _role, random, _outbox, new DropCounters(), Relays, Tcp, logger ?? NullLogger.Instance);
        _gatherer = new CandidateGatherer(_context);
        _generations = new CheckGenerations(_context, options.LocalCredentials ?? IceCredentials.Generate(random));
        _progress = new ConnectionProgress(options, _generations, _gatherer, Relays);
        _inbound = new InboundStun(_context, _gatherer, _generations);
    }

    /// <summary>The relayed paths: ask it before a datagram is handled and before one is sent, if there are TURN servers.</summary>
    public IceRelays Relays { get; }

    /// <summary>The TCP connections to the peer: what the owner is to open and close, and where it says what became of them.</summary>
    public IceTcpStreams Tcp { get; }

    /// <summary>The present role; a role conflict may change it.</summary>
    public IceRole Role => _role.Role;

    /// <summary>The state of the connection.</summary>
    public IceAgentState State { get; private set; }

    /// <summary>The state of gathering.</summary>
    public IceGatheringState GatheringState => _gatherer.State;

    /// <summary>Why the state is <see cref="IceAgentState.Failed"/>; <see cref="IceFailureReason.None"/> in any other.</summary>
    public IceFailureReason FailureReason { get; private set; }

    /// <summary>What the peer must use in its checks.</summary>
    public IceCredentials LocalCredentials => Checks.Credentials.Local;

    /// <summary>What the peer told, or <see langword="null"/> as long as that (or the answer to a restart) is missing.</summary>
    public IceCredentials? RemoteCredentials => Checks.Credentials.Remote;

    /// <summary>The smoothed round-trip time of the path in use, or <see langword="null"/> if none was measured.</summary>
    public TimeSpan? RoundTripTime => PairInUse?.SmoothedRoundTripTime;

    /// <summary>When to call <see cref="HandleTimeout"/>, or <see langword="null"/> if nothing is pending.</summary>
    public Instant? NextTimeout { get; private set; }

    private ConnectivityChecks Checks => _generations.Current;

    private CandidatePair? PairInUse => State is IceAgentState.Failed or IceAgentState.Closed ? null : _generations.PairInUse;

    private bool IsClosed => State == IceAgentState.Closed;

    /// <summary>Sets the role that signalling gives (RFC 8445, 6.1.1). Call before the checks begin; nothing happens on a lite agent.</summary>
    /// <exception cref="InvalidOperationException">Checks have begun.</exception>
    public void SetRole(IceRole role)
    {
        if (role == Role || _context.Options.IsLite)
        {
            return;
        }

        if (Checks.IsStarted)
        {
            throw new InvalidOperationException("The role is settled once checks have begun.");
        }

        _role.Set(role);
        Checks.OnRoleChanged();
    }

    /// <summary>Tells that the peer is a lite agent: this one becomes controlling (RFC 8445, 6.1.1), whatever signalling said.</summary>
    public void SetRemoteIsLite(bool isLite)
    {
        if (isLite && !_context.Options.IsLite && !_role.IsControlling)
        {
            _role.Set(IceRole.Controlling);
            _outbox.Raise(new IceEvent { Kind = IceEventKind.RoleChanged, Role = Role });
            Checks.OnRoleChanged();
        }
    }

    /// <summary>Tells whether the peer knows renomination (SDP: <c>a=ice-options:renomination</c>): nominations are numbered if both sides do.</summary>
    public void SetRemoteRenomination(bool isKnown) => _role.IsRenominating = isKnown && _context.Options.AllowRenomination;

    /// <summary>
    /// Another socket is bound: candidates are gathered from it and paired, whatever the state of gathering. <see cref="IceGatheringState"/> stays as it is; whether
    /// candidates that come after its end may be signalled is for the owner to know (RFC 8838, 13). Before gathering has been started nothing happens.
    /// </summary>
    /// <param name="address">Its address, no wildcard.</param>
    /// <param name="networkCost">What using its network costs, as libwebrtc counts: 0 for cables, 10 for Wi-Fi, 900 for cellular networks, 50 if unknown.</param>
    /// <param name="now">The time.</param>
    public void AddHostAddress(TransportAddress address, int networkCost, Instant now) => AddHostAddress(address, networkCost, hostName: null, now);

    /// <summary>As the other, where addresses are hidden (<see cref="IceGatheringOptions.HostNames"/>): it is told by <paramref name="hostName"/>, or without one not at all.</summary>
    public void AddHostAddress(TransportAddress address, int networkCost, string? hostName, Instant now)
    {
        if (!IsClosed)
        {
            _gatherer.AddHost(address, networkCost, hostName, now);
            Settle(now);
        }
    }

    /// <summary>A socket is gone, usually with its interface: its candidates, pairs and relays go too. Data moves to another pair, as soon as one works.</summary>
    public void RemoveHostAddress(TransportAddress address, Instant now)
    {
        if (!IsClosed)
        {
            _removingAt = now;
            _gatherer.RemoveHost(address);
            _removingAt = null;
            _generations.RemoveLocal(address, TransportProtocol.Udp, now);
            Settle(now);
        }
    }

    /// <summary>Gathers candidates: host ones at once, server-reflexive ones from <paramref name="stunServers"/>.</summary>
    /// <param name="hostAddresses">The addresses of the bound sockets, no wildcards. At most 32 are used.</param>
    /// <param name="stunServers">The resolved addresses of STUN servers; each socket asks those of its family. At most 8 are used.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">Gathering has been started before.</exception>
    public void StartGathering(ReadOnlySpan<TransportAddress> hostAddresses, ReadOnlySpan<TransportAddress> stunServers, Instant now)
    {
        var servers = stunServers.ToArray();
        StartGathering(
            new IceGatheringOptions { HostAddresses = hostAddresses.ToArray(), StunServers = Array.ConvertAll(servers, static s => new StunServer(s, $"stun:{s}")) },
            now);
    }

    /// <summary>Gathers candidates: host ones at once, server-reflexive ones from STUN servers and relayed ones from TURN servers.</summary>
    /// <exception cref="InvalidOperationException">Gathering has been started before.</exception>
    public void StartGathering(IceGatheringOptions options, Instant now)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (IsClosed)
        {
            return;
        }

        if (GatheringState != IceGatheringState.New)
        {
            throw new InvalidOperationException("Gathering has been started before.");
        }

        _gatherer.Start(options, LocalCredentials.UsernameFragment, now);
        Settle(now);
    }

    /// <summary>
    /// Sets the peer's credentials; checks begin. The same ones again change nothing; different ones are a restart by the peer,
    /// and the local side restarts too unless it already has.
    /// </summary>
    /// <exception cref="ArgumentException">The credentials are not <see cref="IceCredentials.IsValid"/>.</exception>
    public void SetRemoteCredentials(IceCredentials credentials, Instant now)
    {
        RequireValid(credentials);
        if (IsClosed || RemoteCredentials == credentials)
        {
            return;
        }

        if (Checks.IsStarted)
        {
            BeginGeneration(IceCredentials.Generate(_context.Random), now);
        }

        _progress.HasEverStarted = true;
        Checks.Start(credentials, now);
        Settle(now);
    }

    /// <summary>Adds a candidate of the peer, before or after its credentials. Candidates that cannot be used here are ignored.</summary>
    public void AddRemoteCandidate(IceCandidate candidate, Instant now)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (!IsClosed)
        {
            Checks.AddRemote(candidate, now);
            Settle(now);
        }
    }

    /// <summary>Tells that the peer has no more candidates in this generation (RFC 8838, 13).</summary>
    public void SetRemoteEndOfCandidates(Instant now)
    {
        if (!IsClosed)
        {
            Checks.EndRemote(now);
            Settle(now);
        }
    }

    /// <summary>
    /// Restarts (RFC 8445, 9): new local credentials, gathering on the same sockets, and no remote credentials until the peer tells its new ones.
    /// The path in use keeps carrying data, and answering, until the new generation has one.
    /// </summary>
    public void Restart(Instant now) => Restart(IceCredentials.Generate(_context.Random), now);

    /// <summary>Restarts with credentials that were drawn (and signalled) before.</summary>
    /// <exception cref="ArgumentException">The credentials are not <see cref="IceCredentials.IsValid"/>.</exception>
    public void Restart(IceCredentials localCredentials, Instant now)
    {
        RequireValid(localCredentials);
        if (!IsClosed)
        {
            BeginGeneration(localCredentials, now);
            Settle(now);
        }
    }

    /// <summary>
    /// Restarts as <see cref="Restart(IceCredentials, Instant)"/> does, but gathers only when <see cref="GatherAnew"/> says from where: other servers or another policy
    /// count from the next gathering on (W3C webrtc 4.4.1.6).
    /// </summary>
    /// <exception cref="ArgumentException">The credentials are not <see cref="IceCredentials.IsValid"/>.</exception>
    public void RestartWithoutGathering(IceCredentials localCredentials, Instant now)
    {
        RequireValid(localCredentials);
        if (!IsClosed)
        {
            BeginGeneration(localCredentials, now, gathers: false);
            Settle(now);
        }
    }

    /// <summary>Gathers after <see cref="RestartWithoutGathering"/>. Relays of servers that are not named any more are given up.</summary>
    public void GatherAnew(IceGatheringOptions options, Instant now)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!IsClosed && _gatherer.IsSuspended)
        {
            _gatherer.Start(options, LocalCredentials.UsernameFragment, now);
            Settle(now);
        }
    }

    /// <summary>
    /// Goes back to the generation before the latest <see cref="Restart(Instant)"/>, as the rollback of an offer demands (RFC 8829, 4.1.10.2).
    /// </summary>
    /// <returns>False if there is nothing to go back to: the peer has answered the restart, or nothing worked before it.</returns>
    public bool TryUndoRestart(Instant now)
    {
        if (IsClosed || !_generations.TryUndo())
        {
            return false;
        }

        _gatherer.Abandon();
        Settle(now);
        return true;
    }

    /// <summary>Ends everything at once. Nothing is sent to the peer; what ends allocations on TURN servers is left to be polled.</summary>
    public void Close(Instant now)
    {
        if (!IsClosed)
        {
            TransitionTo(IceAgentState.Closed);
            _gatherer.Abandon();
            _outbox.ClearMessages();
            Relays.Close(now);
            Tcp.CloseAll();
            Settle(now);
            _generations.Dispose();
        }
    }

    /// <summary>Takes one STUN datagram; the owner has told STUN from other protocols (RFC 7983) and has asked <see cref="Relays"/> whether it is one of TURN.</summary>
    /// <param name="datagram">Borrowed.</param>
    /// <param name="path">The socket that it came in on and where it came from.</param>
    /// <param name="now">The time.</param>
    public void HandleDatagram(ReadOnlySpan<byte> datagram, in NetworkPath path, Instant now)
    {
        if (IsClosed)
        {
            return;
        }

        if (_inbound.TryHandle(datagram, path, hasFailed: State == IceAgentState.Failed, now))
        {
            Settle(now);
        }
    }

    /// <summary>Does what is due. Call at <see cref="NextTimeout"/> or later; earlier does no harm.</summary>
    public void HandleTimeout(Instant now)
    {
        if (!IsClosed)
        {
            _gatherer.HandleTimeout(now);
            Settle(now);
        }
    }

    /// <summary>Writes one datagram, if there is one to be sent.</summary>
    /// <param name="destination">At least 1200 bytes.</param>
    /// <param name="transmit">Its length and path.</param>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit) =>
        Relays.TryPollTransmit(destination, out transmit) || _outbox.TryWriteNext(destination, out transmit);

    /// <summary>Takes the next event.</summary>
    public bool TryPollEvent(out IceEvent iceEvent) => _outbox.TryTakeEvent(out iceEvent);

    /// <summary>
    /// Whether the peer has proved to be on <paramref name="path"/>: a check was answered on it, or an authenticated request came in.
    /// Only from such paths anything but STUN may be accepted.
    /// </summary>
    public bool IsValidatedPath(in NetworkPath path) =>
        State is not (IceAgentState.Failed or IceAgentState.Closed) && _generations.IsValidated(path);

    /// <summary>
    /// Whether the peer has answered a check on <paramref name="path"/>: it is there, while one that was only heard (<see cref="IsValidatedPath"/>) may have forged its source.
    /// </summary>
    public bool IsAnsweredPath(in NetworkPath path) => _generations.IsAnswered(path);

    /// <summary>Where data goes now: the nominated pair, or before nomination the best that works. False if there is none or consent has expired.</summary>
    public bool TryGetSelectedPath(out NetworkPath path)
    {
        var pair = PairInUse;
        path = pair?.Path ?? default;
        return pair is not null;
    }

    /// <summary>The pair where data goes now, or <see langword="null"/>.</summary>
    public IceCandidatePairSnapshot? GetSelectedPair() => PairInUse?.ToSnapshot(isSelected: true);

    /// <summary>The candidate pairs of the present generation, best first, and while a restart is under way the one still in use.</summary>
    public IReadOnlyList<IceCandidatePairSnapshot> GetCandidatePairs()
    {
        var snapshots = new List<IceCandidatePairSnapshot>(Checks.List.Pairs.Count + 1);
        foreach (var pair in Checks.List.Pairs)
        {
            snapshots.Add(pair.ToSnapshot(pair == PairInUse));
        }

        if (PairInUse is { } inUse && Checks.Selected is null)
        {
            snapshots.Add(inUse.ToSnapshot(isSelected: true));
        }

        return snapshots;
    }

    /// <summary>The local candidates of the present generation, peer-reflexive ones included.</summary>
    public IReadOnlyList<IceCandidate> GetLocalCandidates()
    {
        var candidates = new List<IceCandidate>(Checks.Locals.Count);
        foreach (var local in Checks.Locals)
        {
            candidates.Add(local.Candidate);
        }

        return candidates;
    }

    /// <summary>The remote candidates of the present generation, peer-reflexive ones included.</summary>
    public IReadOnlyList<IceCandidate> GetRemoteCandidates() => [.. Checks.Remotes];

    /// <summary>How much input was dropped for <paramref name="reason"/>.</summary>
    public long GetDroppedCount(IceDropReason reason) => _context.Drops[reason];

    /// <summary>Releases the keys. The agent is closed, without an event.</summary>
    public void Dispose()
    {
        State = IceAgentState.Closed;
        NextTimeout = null;
        _outbox.ClearMessages();
        Relays.Dispose();
        _generations.Dispose();
    }

    private static void RequireValid(IceCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        if (!credentials.IsValid)
        {
            throw new ArgumentException("The credentials break RFC 8839, 5.4.", nameof(credentials));
        }
    }

    private void BeginGeneration(IceCredentials local, Instant now, bool gathers = true)
    {
        _generations.Begin(local, hasFailed: State == IceAgentState.Failed);
        if (State == IceAgentState.Failed)
        {
            TransitionTo(_progress.HasEverStarted ? IceAgentState.Checking : IceAgentState.New);
        }

        if (gathers)
        {
            _gatherer.Restart(local.UsernameFragment, now);
        }
        else
        {
            _gatherer.Suspend();
        }
    }

    /// <summary>Ends every public verb: runs what follows from it, reports what changed and finds the next timeout.</summary>
    private void Settle(Instant now)
    {
        if (!IsClosed)
        {
            Relays.Pump(now);
            _gatherer.UpdateState();
            while (_gatherer.TryTakeGathered(out var local))
            {
                Checks.AddLocal(local!, now);
            }

            if (State != IceAgentState.Failed)
            {
                _generations.Run(now);
                TransitionTo(_progress.Compute(State, now));
                DoubtRelay(now);
            }
        }

        ReportSelectedPair(now);
        Relays.Pump(now);
        NextTimeout = IsClosed ? null : ComputeNextTimeout();
        AssertConsistent();
    }

    // Once for each time that the path falls silent.
    private void DoubtRelay(Instant now)
    {
        var isSilent = State == IceAgentState.Disconnected && PairInUse is not null;
        if (isSilent && !_isSilent)
        {
            Relays.Doubt(PairInUse!.Path, now);
        }

        _isSilent = isSilent;
    }

    [Conditional("DEBUG")]
    private void AssertConsistent()
    {
        Debug.Assert(Checks.List.IsConsistent(), "The check list's books must balance.");
        Debug.Assert(Checks.Selected is not { IsListed: false }, "Data goes to a pair of the list.");
    }

    private Instant? ComputeNextTimeout()
    {
        var next = _gatherer.Next;
        if (State == IceAgentState.Failed)
        {
            return next;
        }

        return Instant.Earliest(Instant.Earliest(next, _generations.NextTimeout), _progress.FailsAt(State));
    }

    private void TransitionTo(IceAgentState state)
    {
        if (State == state)
        {
            return;
        }

        Log.StateChanged(_context.Logger, State, state);
        FailureReason = state == IceAgentState.Failed ? _progress.Explain() : IceFailureReason.None;
        State = state;
        if (state == IceAgentState.Failed)
        {
            Log.Failed(_context.Logger, FailureReason, Checks.Locals.Count, Checks.Remotes.Count, Checks.List.Pairs.Count);
            _gatherer.StopKeepAlives();
        }

        _outbox.Raise(new IceEvent { Kind = IceEventKind.StateChanged, State = state });
    }

    // A relay that goes with its interface is no failure of the connection: another one may come.
    private void OnRelayLost(TransportAddress local, TransportAddress? peer)
    {
        if (_removingAt is { } now && peer is null)
        {
            _generations.RemoveLocal(local, TransportProtocol.Udp, now);
        }
        else
        {
            _generations.FailRelayed(local, peer);
        }
    }

    private void ReportNomination(CandidatePair? pair)
    {
        var nomination = pair is { IsNominated: true } ? (pair.Id, pair.Nomination) : default;
        if (nomination != _reportedNomination)
        {
            _reportedNomination = nomination;
            if (nomination != default)
            {
                // RFC 8445 5.1.1.4: until then another pair, by way of a NAT's binding, may still be the one.
                _gatherer.StopKeepAlives();
                _outbox.Raise(new IceEvent { Kind = IceEventKind.PairNominated, Path = pair!.Path });
            }
        }
    }

    private void ReportSelectedPair(Instant now)
    {
        var pair = PairInUse;
        ReportNomination(pair);
        if (pair == _reportedPair)
        {
            return;
        }

        _reportedPair = pair;
        if (pair is not null)
        {
            Relays.Select(pair.Path, now);
            Log.Selected(_context.Logger, pair.Id, new RedactedAddress(pair.Path.Local), new RedactedAddress(pair.Path.Remote), pair.IsNominated);
        }

        if (!IsClosed)
        {
            _outbox.Raise(new IceEvent { Kind = IceEventKind.SelectedPathChanged, Path = pair?.Path });
        }
    }
}
