using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>The candidates of both sides in one generation, and the pairs that they form on the check list.</summary>
internal sealed class CandidatePairing(CheckContext context, CheckList list)
{
    private readonly LocalCandidateTable _locals = new(context.Options.MaxPeerReflexiveCandidates);
    private readonly RemoteCandidateTable _remotes = new(context.Options);
    private string? _remoteUsernameFragment;

    public IReadOnlyList<LocalCandidate> Locals => _locals.Candidates;

    public IReadOnlyList<IceCandidate> Remotes => _remotes.Candidates;

    private bool IsStarted => _remoteUsernameFragment is not null;

    /// <summary>Adds a gathered candidate; a new base is paired with the peer's candidates.</summary>
    // Deviation: RFC 8838 10 pairs a candidate once it has been told to the peer. How long signalling takes nobody knows here, and the peer learns it from the check.
    public void AddLocal(LocalCandidate local)
    {
        if (_locals.Add(local) && IsStarted)
        {
            foreach (var remote in _remotes.Candidates)
            {
                if (IsOfThisGeneration(remote))
                {
                    Pair(local, remote);
                }
            }
        }
    }

    /// <summary>Adds a signalled candidate; it is paired once the peer's credentials are known.</summary>
    /// <returns>Whether it is new and of use.</returns>
    public bool TryAddRemote(IceCandidate candidate)
    {
        // RFC 8838 and 8839 5.4: a candidate that names another generation's ufrag comes too late or too early for this one.
        if (!RemoteCandidateTable.IsUsable(candidate) || !IsOfThisGeneration(candidate))
        {
            context.Drops.Add(IceDropReason.UnusableCandidate);
            return false;
        }

        if (!_remotes.TryAddSignalled(candidate, out var replaced, out var isFull))
        {
            if (isFull)
            {
                context.Drops.Add(IceDropReason.LimitReached);
            }

            return false;
        }

        if (replaced is not null)
        {
            Relabel(replaced, candidate);
        }

        if (IsStarted)
        {
            PairWithLocals(candidate);
        }

        return true;
    }

    /// <summary>Forms pairs from now on, beginning with the candidates that came early.</summary>
    public void Start(string remoteUsernameFragment)
    {
        _remoteUsernameFragment = remoteUsernameFragment;
        foreach (var candidate in _remotes.Candidates)
        {
            if (IsOfThisGeneration(candidate))
            {
                PairWithLocals(candidate);
            }
        }
    }

    /// <summary>Forgets the candidates of a socket.</summary>
    public void RemoveLocal(TransportAddress local, TransportProtocol protocol) => _locals.Remove(local, protocol);

    /// <summary>Whether a check can begin on a path: its socket is there, and over TCP it is this side that connects.</summary>
    public bool CanCheck(in NetworkPath path) =>
        _locals.TryGetBase(path, out _) && (path.Protocol == TransportProtocol.Udp || IceTcpStreams.IsActive(path));

    /// <summary>Forms the pairs again that were dropped from the list.</summary>
    public void PairAnew()
    {
        foreach (var candidate in _remotes.Candidates)
        {
            if (IsStarted && IsOfThisGeneration(candidate))
            {
                PairWithLocals(candidate);
            }
        }
    }

    /// <summary>The pair of a path, or null.</summary>
    public CandidatePair? Find(in NetworkPath path) => list.TryGet(path, out var pair) ? pair : null;

    /// <summary>
    /// The pair that an authenticated check came on; a source that was not signalled becomes a peer-reflexive candidate (RFC 8445, 7.3.1.3).
    /// Null if a table is full.
    /// </summary>
    public CandidatePair? FindOrDiscover(in NetworkPath path, uint priority)
    {
        if (list.TryGet(path, out var pair))
        {
            return pair;
        }

        if (!_locals.TryGetBase(path, out var local))
        {
            return null;
        }

        if (!_remotes.TryGet(path, out var remote))
        {
            if (!_remotes.TryAddPeerReflexive(path, priority, out remote))
            {
                return null;
            }

            context.Outbox.Raise(new IceEvent { Kind = IceEventKind.RemoteCandidateDiscovered, Candidate = remote });
        }

        pair = new CandidatePair(context.NextPairId(), local, remote, path);
        if (!list.TryAdd(pair, context.Role.Role))
        {
            return null;
        }

        context.Relays.Want(path);
        return pair;
    }

    /// <summary>The local candidate that an answer shows a pair to use (RFC 8445, 7.2.5.3.1).</summary>
    public LocalCandidate LabelLocal(LocalCandidate present, TransportAddress mapped, TransportAddress @base) => _locals.Label(present, mapped, @base);

    private bool IsOfThisGeneration(IceCandidate candidate) =>
        candidate.UsernameFragment is not { } fragment || _remoteUsernameFragment is null || fragment == _remoteUsernameFragment;

    private void PairWithLocals(IceCandidate remote)
    {
        foreach (var local in _locals.Bases)
        {
            Pair(local, remote);
        }
    }

    // RFC 8445 6.1.2.2 and 6.1.2.4: candidates of one family pair up, and a reflexive local candidate is replaced by its base, so bases suffice.
    private void Pair(LocalCandidate local, IceCandidate remote)
    {
        // RFC 6544 6.2: an active candidate connects to a passive one, whose pairs come to be when the connection does.
        var isSameTransport = local.Candidate.Protocol == remote.Protocol
            && (remote.Protocol == TransportProtocol.Udp || local.Candidate.TcpType == IceTcpType.Active);

        // An IPv6 link-local address reaches nothing else, and is reached from nowhere else.
        var isSameScope = remote.Address.IsIPv4 || local.Base.IsLinkLocal == remote.Address.IsLinkLocal;
        // draft-ietf-mmusic-mdns-ice-candidates 3.3.2: a TURN server would learn, and could tell, what the peer's name stands for.
        var wouldTell = remote.HostName is not null && local.Candidate.Type == IceCandidateType.Relay;
        if (!isSameTransport || wouldTell || local.Base.IsIPv4 != remote.Address.IsIPv4 || !isSameScope)
        {
            return;
        }

        var path = new NetworkPath(local.Base, WithScopeOf(remote.Address, local.Base), remote.Protocol);
        var pair = new CandidatePair(context.NextPairId(), local, remote, path);
        if (list.TryAdd(pair, context.Role.Role))
        {
            context.Relays.Want(path);
            Log.PairAdded(context.Logger, pair.Id, new RedactedAddress(path.Local), new RedactedAddress(path.Remote));
        }
    }

    // A link-local address is only meaningful with the interface's scope, which signalling does not carry.
    private static TransportAddress WithScopeOf(TransportAddress remote, TransportAddress local)
    {
        if (!remote.IsIPv6 || !remote.IsLinkLocal || remote.ScopeId != 0)
        {
            return remote;
        }

        Span<byte> bytes = stackalloc byte[16];
        remote.WriteAddressBytes(bytes);
        return TransportAddress.FromBytes(bytes, remote.Port, local.ScopeId);
    }

    private void Relabel(IceCandidate old, IceCandidate signalled)
    {
        foreach (var pair in list.Pairs)
        {
            if (ReferenceEquals(pair.Remote, old))
            {
                pair.Remote = signalled;
            }
        }

        list.UpdatePriorities(context.Role.Role);
    }
}
