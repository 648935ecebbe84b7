using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>
/// The checks of one generation: it forms pairs, sends and answers checks, and decides which pair carries data.
/// A restart retires it: it then only keeps its selected pair alive and answers the peer until the next generation has taken over.
/// </summary>
internal sealed class ConnectivityChecks : IDisposable
{
    private readonly CheckContext _context;
    private readonly CheckTransactions _transactions;
    private readonly TriggeredCheckQueue _triggered = new();
    private readonly CheckPacer _pacer;
    private readonly Nomination _nomination;
    private readonly ConsentCheck _consent;
    private readonly PairSelection _selection;
    private readonly CheckResponder _responder;
    private readonly CheckSender _sender;
    private readonly CandidatePairing _candidates;
    private bool _isRetired;

    public ConnectivityChecks(CheckContext context, IceCredentials local)
    {
        _context = context;
        Credentials = new GenerationCredentials(local);
        List = new CheckList(context.Options.MaxCandidatePairs);
        _candidates = new CandidatePairing(context, List);
        _transactions = new CheckTransactions(context.Options, context.Random);
        _pacer = new CheckPacer(context.Options.CheckInterval);
        _nomination = new Nomination(context.Options, context.Role);
        _consent = new ConsentCheck(context.Options, context.Random);
        _selection = new PairSelection(context.Role, List, _nomination, _consent, _transactions);
        _responder = new CheckResponder(context, Credentials);
        _sender = new CheckSender(context, Credentials, _transactions);
    }

    public GenerationCredentials Credentials { get; }

    public CheckList List { get; }

    public IReadOnlyList<IceCandidate> Remotes => _candidates.Remotes;

    public IReadOnlyList<LocalCandidate> Locals => _candidates.Locals;

    /// <summary>The peer's credentials are known.</summary>
    public bool IsStarted => Credentials.Remote is not null;

    /// <summary>The peer has no more candidates.</summary>
    public bool HasRemoteEnded { get; private set; }

    /// <summary>The pair that carries data, or null.</summary>
    public CandidatePair? Selected => _selection.Selected;

    /// <summary>The pair in use has died, usually because consent expired, and no other pair works or may yet work.</summary>
    public bool HasLostConsent => _selection.HasLostConsent;

    /// <summary>A pair has carried data.</summary>
    public bool HasEverWorked => _selection.HasEverWorked;

    /// <summary>The local address of the pair in use has gone, and no other pair works yet.</summary>
    public bool IsMoving => _selection.IsMoving;

    /// <summary>When the last sign of life was seen, be it only a check of the peer.</summary>
    public Instant LastActivity { get; private set; }

    /// <summary>When something was new: a candidate, a pair, an answer.</summary>
    public Instant LastNews { get; private set; }

    public Instant? NextTimeout
    {
        get
        {
            var next = _consent.Next;
            if (_isRetired)
            {
                return next;
            }

            next = Instant.Earliest(Instant.Earliest(next, _transactions.Next), _nomination.Next);
            if (!IsStarted)
            {
                return next;
            }

            if (!_triggered.IsEmpty)
            {
                next = Instant.Earliest(next, _pacer.NextTriggered);
            }

            return List.PeekNext() is null ? next : Instant.Earliest(next, _pacer.NextOrdinary);
        }
    }

    /// <summary>Adds a gathered candidate; a new base is paired with the peer's candidates.</summary>
    public void AddLocal(LocalCandidate local, Instant now)
    {
        NoteNews(now);
        _candidates.AddLocal(local);
    }

    /// <summary>Adds a signalled candidate; pairs are formed once the peer's credentials are known.</summary>
    // Deviation: RFC 8838 14 ignores candidates after the end of candidates. Peers that gather continually have some, and they do no harm.
    public void AddRemote(IceCandidate candidate, Instant now)
    {
        if (_candidates.TryAddRemote(candidate))
        {
            NoteNews(now);
        }
    }

    public void EndRemote(Instant now)
    {
        HasRemoteEnded = true;
        NoteNews(now);
    }

    /// <summary>Takes the peer's credentials: pairs are formed, and checks that came early are caught up with.</summary>
    public void Start(IceCredentials remote, Instant now)
    {
        Credentials.SetRemote(remote);
        NoteNews(now);
        _candidates.Start(remote.UsernameFragment);
        foreach (var early in _responder.TakeRemembered())
        {
            OnAuthenticatedRequest(early, now);
        }
    }

    /// <summary>Takes a request whose USERNAME names this generation and whose integrity is proved.</summary>
    public void HandleRequest(scoped in StunMessageView request, in NetworkPath path, Instant now)
    {
        var outcome = _responder.Answer(request, path, out var check);
        if (outcome == CheckResponder.Outcome.Ended)
        {
            return;
        }

        if (outcome == CheckResponder.Outcome.AnsweredAndSwitched)
        {
            OnRoleSwitched();
        }

        LastActivity = now;
        if (IsStarted)
        {
            OnAuthenticatedRequest(check, now);
        }
        else
        {
            _responder.Remember(check);
        }
    }

    /// <summary>Takes a response, if it is to a request of this generation.</summary>
    public bool TryHandleResponse(scoped in StunMessageView response, in NetworkPath path, Instant now)
    {
        var id = response.TransactionId;
        var isConsent = _consent.IsOutstanding(id);
        if (!_transactions.TryGet(id, out var transaction) && !isConsent)
        {
            return false;
        }

        if (!response.VerifyMessageIntegrity(Credentials.RemoteKey!))
        {
            _context.Drops.Add(IceDropReason.BadIntegrity);
            return true;
        }

        var pair = isConsent ? _consent.Pair! : transaction!.Pair;
        if (pair.Path != path)
        {
            _context.Drops.Add(IceDropReason.WrongSource);
        }

        if (isConsent)
        {
            OnConsentAnswered(pair, id, response, path, now);
        }
        else
        {
            _transactions.Remove(transaction!);
            OnCheckAnswered(transaction!, response, path, now);
        }

        return true;
    }

    /// <summary>Does what is due and decides anew; call after every other verb.</summary>
    public void Run(Instant now)
    {
        RunTransactions(now);
        ExpireConsent(now);
        _selection.Select(_isRetired, now);
        RunConsent(now);
        if (_isRetired || !IsStarted || _context.Options.IsLite)
        {
            return;
        }

        if (_context.Role.IsControlling && _nomination.Choose(List, Selected, now) is { } nominee)
        {
            Log.Nominating(_context.Logger, nominee.Id);
            StartCheck(nominee, now);
        }

        while (!_triggered.IsEmpty && _pacer.TryTakeTriggered(now) && _triggered.TryDequeue(out var triggered))
        {
            if (triggered!.IsListed)
            {
                StartCheck(triggered, now);
            }
        }

        if (_triggered.IsEmpty && List.PeekNext() is { } ordinary && _pacer.TryTakeOrdinary(now))
        {
            NoteNews(now);
            StartCheck(ordinary, now);
        }
    }

    /// <summary>Ends everything but consent and answers.</summary>
    public void Retire()
    {
        _isRetired = true;
        _transactions.Clear();
        _triggered.Clear();
        _nomination.Reset();
    }

    /// <summary>Takes up the checks again where a restart is undone.</summary>
    public void Resume()
    {
        _isRetired = false;
        foreach (var pair in List.Pairs)
        {
            if (pair.State == IceCandidatePairState.InProgress)
            {
                List.SetState(pair, IceCandidatePairState.Waiting);
            }
        }
    }

    /// <summary>Whether the peer has proved to be on a path.</summary>
    public bool IsValidated(in NetworkPath path)
    {
        if (Selected is { } selected && selected.Path == path)
        {
            return true;
        }

        var isPairProved = List.TryGet(path, out var pair) && (pair!.State == IceCandidatePairState.Succeeded || pair.HasAuthenticatedRequest);
        return isPairProved || _responder.IsRemembered(path);
    }

    /// <summary>Whether the peer has answered a check on a path.</summary>
    public bool IsAnswered(in NetworkPath path) => List.TryGet(path, out var pair) && pair!.ResponsesReceived > 0;

    /// <summary>Fails the pairs from a relayed address that is gone, or those of one peer that the relay does not let through.</summary>
    public void FailRelayed(TransportAddress local, TransportAddress? remote)
    {
        foreach (var pair in List.Pairs.ToArray())
        {
            if (pair.Path.Local == local && (remote is not { } peer || pair.Path.Remote.HasSameAddress(peer)))
            {
                Fail(pair);
            }
        }

        if (remote is null)
        {
            _candidates.RemoveLocal(local, TransportProtocol.Udp);
        }
    }

    /// <summary>A socket is gone: its candidates and pairs go, and whatever else there is is checked again at once.</summary>
    public void RemoveLocal(TransportAddress local, TransportProtocol protocol, Instant now)
    {
        _selection.OnLocalRemoved(local, protocol);
        foreach (var pair in List.Pairs.ToArray())
        {
            if (pair.Path.Local == local && pair.Path.Protocol == protocol)
            {
                _nomination.OnEnded(pair);
                _transactions.Cancel(pair, now);
                pair.Nomination = 0;
                List.Remove(pair);
            }
        }

        _candidates.RemoveLocal(local, protocol);
        NoteNews(now);
        if (IsMoving)
        {
            Revive();
            _selection.Select(_isRetired, now);
        }
    }

    /// <summary>Acts on a TCP connection that has ended.</summary>
    public void OnStreamLost(in NetworkPath path)
    {
        if (List.TryGet(path, out var pair) && StreamLoss.HasFailed(pair!, Selected, _context.Role, _nomination, _triggered))
        {
            Fail(pair!);
        }
    }

    /// <summary>Computes priorities anew after the role has changed.</summary>
    public void OnRoleChanged()
    {
        List.UpdatePriorities(_context.Role.Role);
        _nomination.Reset();
    }

    public void Dispose() => Credentials.Dispose();

    private void OnRoleSwitched()
    {
        _context.Outbox.Raise(new IceEvent { Kind = IceEventKind.RoleChanged, Role = _context.Role.Role });
        Log.RoleSwitched(_context.Logger, _context.Role.Role);
        OnRoleChanged();
    }

    private void OnAuthenticatedRequest(in CheckRequest check, Instant now)
    {
        if ((_isRetired ? _candidates.Find(check.Path) : _candidates.FindOrDiscover(check.Path, check.Priority)) is not { } pair)
        {
            _context.Drops.Add(IceDropReason.LimitReached);
            return;
        }

        pair.RequestsReceived++;
        pair.ResponsesSent++;
        var isNews = !pair.HasAuthenticatedRequest || check.Nomination > pair.RequestedNomination;
        pair.HasAuthenticatedRequest = true;
        if (!_context.Role.IsControlling)
        {
            pair.RequestedNomination = Math.Max(pair.RequestedNomination, check.Nomination);
        }

        if (isNews)
        {
            NoteNews(now);
            SuspectSelected(pair, now);
        }

        if (_context.Options.IsLite)
        {
            pair.OnSignOfLife(now);
            OnPairWorks(pair);
        }
        else if (pair.State == IceCandidatePairState.Succeeded)
        {
            OnPairWorks(pair);
            TriggerIfNeededAgain(pair, now);
        }
        else if (!_isRetired && (pair.State != IceCandidatePairState.InProgress || now - pair.LastSentAt >= _context.Options.CheckInterval))
        {
            // RFC 8445 7.3.1.4. A check that is under way is repeated too, because a NAT that stopped it is open now; but not for every
            // one of a flood of requests.
            if (pair.State != IceCandidatePairState.InProgress)
            {
                List.SetState(pair, IceCandidatePairState.Waiting);
            }

            _triggered.Enqueue(pair);
        }
    }

    private void NoteNews(Instant now) => LastActivity = LastNews = now;

    // A check on another path, or a nomination of it, may mean that the peer has moved: then the pair in use must show that it still works, soon.
    private void SuspectSelected(CandidatePair pair, Instant now)
    {
        if (!_isRetired && Selected is { IsNominated: true } selected && selected != pair)
        {
            _consent.Suspect(now);
        }
    }

    // What was dropped or has failed is tried again when the pair in use is gone or does not answer: things change.
    private void Revive()
    {
        if (_isRetired || !IsStarted)
        {
            return;
        }

        foreach (var pair in List.Pairs)
        {
            if (pair.State == IceCandidatePairState.Failed && _candidates.CanCheck(pair.Path))
            {
                List.SetState(pair, IceCandidatePairState.Waiting);
            }
            else if (pair.State == IceCandidatePairState.Succeeded && pair != Selected)
            {
                _triggered.Enqueue(pair);
            }
        }

        _candidates.PairAnew();
    }

    // While the pair in use does not answer, another one that the peer is alive on is worth knowing to work now, not some time ago.
    private void TriggerIfNeededAgain(CandidatePair pair, Instant now)
    {
        if (!_isRetired && Selected is { IsStale: true } && pair != Selected && now - pair.LastAnswerAt >= _context.Options.ConsentInterval)
        {
            _triggered.Enqueue(pair);
        }
    }

    private void StartCheck(CandidatePair pair, Instant now)
    {
        // A triggered check takes the place of a nomination that is under way, so it has to nominate too.
        _sender.Start(pair, _nomination.NumberFor(pair), List.ActiveCount, now);
        if (pair.State != IceCandidatePairState.Succeeded)
        {
            List.SetState(pair, IceCandidatePairState.InProgress);
        }
    }

    private void OnConsentAnswered(CandidatePair pair, StunTransactionId id, scoped in StunMessageView response, in NetworkPath path, Instant now)
    {
        if (pair.Path == path && response.Class == StunClass.SuccessResponse)
        {
            _consent.OnAnswer(id, now);
        }
        else if (pair.Path == path && response.TryGetErrorCode(out var code, out _) && code == StunErrorCode.Forbidden)
        {
            // RFC 7675 5.2: consent is revoked.
            Log.ConsentExpired(_context.Logger, pair.Id);
            Fail(pair);
        }
    }

    private void OnCheckAnswered(CheckTransaction transaction, scoped in StunMessageView response, in NetworkPath path, Instant now)
    {
        var pair = transaction.Pair;
        if (response.Class == StunClass.ErrorResponse)
        {
            OnCheckRefused(transaction, response);
        }
        else if (path != pair.Path || !response.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var mapped))
        {
            // RFC 8445 7.2.5.2.1: an answer from elsewhere means that the path is not symmetric.
            Fail(pair);
        }
        else
        {
            NoteNews(now);
            _transactions.Cancel(pair, now, keepNominating: !transaction.IsNominating);
            pair.OnAnswer(transaction.Transmissions == 1 ? now - transaction.FirstSentAt : null, now);
            pair.Local = _candidates.LabelLocal(pair.Local, mapped, pair.Path.Local);
            List.SetState(pair, IceCandidatePairState.Succeeded);
            if (transaction.IsNominating && _context.Role.IsControlling)
            {
                _nomination.OnEnded(pair);
                pair.Nomination = transaction.Nomination;
            }

            OnPairWorks(pair);
        }
    }

    private void OnCheckRefused(CheckTransaction transaction, scoped in StunMessageView response)
    {
        if (!response.TryGetErrorCode(out var code, out _) || code != StunErrorCode.RoleConflict)
        {
            Fail(transaction.Pair);
            return;
        }

        // RFC 8445 7.2.5.1: take the other role and check the pair again.
        if (_context.Role.OnConflictResponse(transaction.Role))
        {
            OnRoleSwitched();
        }

        _nomination.OnEnded(transaction.Pair);
        if (transaction.Pair.State != IceCandidatePairState.Succeeded)
        {
            List.SetState(transaction.Pair, IceCandidatePairState.Waiting);
            _triggered.Enqueue(transaction.Pair);
        }
    }

    private void OnPairWorks(CandidatePair pair)
    {
        List.SetState(pair, IceCandidatePairState.Succeeded);
        if (pair.RequestedNomination > 0 && !_context.Role.IsControlling)
        {
            pair.Nomination = pair.RequestedNomination;
        }
    }

    private void Fail(CandidatePair pair)
    {
        Log.PairFailed(_context.Logger, pair.Id);
        _nomination.OnEnded(pair);
        pair.Nomination = 0;
        List.SetState(pair, IceCandidatePairState.Failed);
        _context.Tcp.Close(pair.Path);
    }

    private void RunTransactions(Instant now)
    {
        // As long as nothing works, checks go on until the agent fails: a NAT or a firewall may open at any time (RFC 8863).
        while (_transactions.TryTakeDue(now, canGiveUp: Selected is not null, out var transaction, out var hasExpired))
        {
            if (!hasExpired)
            {
                _sender.Send(transaction!, now);
                if (transaction!.Transmissions > _context.Options.MaxCheckTransmissions)
                {
                    // RFC 8445 7.2.5.4: here the pair would have failed, which lets the others of its foundation go.
                    List.Thaw(transaction.Pair.Foundation);
                }
            }
            else
            {
                OnCheckExpired(transaction!);
            }
        }
    }

    private void OnCheckExpired(CheckTransaction transaction)
    {
        var pair = transaction.Pair;
        if (pair.State == IceCandidatePairState.InProgress && !_transactions.IsUnderWay(pair))
        {
            Fail(pair);
        }
        else if (!transaction.IsCancelled)
        {
            // A nomination on a pair that worked: whether it still does is for consent to say. It may be tried again.
            _nomination.OnEnded(pair);
        }
    }

    // RFC 7675 5.1: nothing may be sent on a pair whose last answer is older than this. Deviation: another check that is answered gives consent anew, without a restart,
    // where the agent has another path meanwhile; it proves no less.
    private void ExpireConsent(Instant now)
    {
        if (Selected is { } selected && now >= selected.LastAnswerAt + _context.Options.ConsentTimeout)
        {
            Log.ConsentExpired(_context.Logger, selected.Id);
            Fail(selected);
        }
    }

    private void RunConsent(Instant now)
    {
        while (_consent.TryTakeDue(now, out var due, out var id))
        {
            var pair = _consent.Pair!;
            switch (due)
            {
                case ConsentCheck.Due.Send:
                    _sender.SendConsent(pair, id);
                    break;
                case ConsentCheck.Due.BecameStale:
                    Log.PairStale(_context.Logger, pair.Id);
                    Revive();
                    _selection.Select(_isRetired, now);
                    break;
            }
        }
    }
}
