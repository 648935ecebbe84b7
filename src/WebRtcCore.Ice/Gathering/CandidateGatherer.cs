using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>
/// Gathers the local candidates (RFC 8445, 5.1.1): host ones from the sockets, server-reflexive ones by asking STUN servers from each socket.
/// Relayed candidates will come from TURN clients that stand beside the server requests.
/// </summary>
internal sealed class CandidateGatherer(CheckContext context)
{
    private const int MaxServers = 8;

    /// <summary>W3C: the error code of a server that could not be reached.</summary>
    private const int ServerUnreachable = 701;

    private readonly FoundationTable _foundations = new();
    private readonly List<ServerRequest> _requests = [];
    private readonly HashSet<(TransportAddress Mapped, TransportAddress Base)> _known = [];
    private readonly Queue<LocalCandidate> _gathered = new();
    private List<TransportAddress> _hosts = [];
    private TransportAddress[] _servers = [];
    private string _usernameFragment = "";

    public IceGatheringState State { get; private set; }

    /// <summary>The earliest deadline.</summary>
    public Instant? Next
    {
        get
        {
            Instant? next = null;
            foreach (var request in _requests)
            {
                if (request.State != ServerRequest.Phase.Ended)
                {
                    next = Instant.Earliest(next, request.Deadline);
                }
            }

            return next;
        }
    }

    public void Start(ReadOnlySpan<TransportAddress> hosts, ReadOnlySpan<TransportAddress> servers, string usernameFragment, Instant now)
    {
        _hosts = HostAddressOrder.Sort(hosts);

        // A lite agent offers host candidates only (RFC 8445, 5.2).
        _servers = context.Options.IsLite ? [] : servers[..Math.Min(servers.Length, MaxServers)].ToArray();
        Begin(usernameFragment, now);
    }

    /// <summary>Gathers anew on the same sockets.</summary>
    public void Restart(string usernameFragment, Instant now)
    {
        if (State != IceGatheringState.New)
        {
            Begin(usernameFragment, now);
        }
    }

    public bool IsHost(TransportAddress address) => _hosts.Contains(address);

    /// <summary>Takes the next candidate found.</summary>
    public bool TryTakeGathered(out LocalCandidate? candidate) => _gathered.TryDequeue(out candidate);

    /// <summary>A pair carries data now, which keeps its binding open; the others are of no use any more.</summary>
    public void StopKeepAlives()
    {
        foreach (var request in _requests)
        {
            if (request.State == ServerRequest.Phase.KeepingAlive)
            {
                request.State = ServerRequest.Phase.Ended;
            }
        }
    }

    /// <summary>Asks no more; what has been found so far is all.</summary>
    public void Abandon()
    {
        _requests.Clear();
        _gathered.Clear();
        UpdateState();
    }

    /// <summary>Takes a response, if it is one to a request of this gatherer from the server that was asked.</summary>
    public bool TryHandleResponse(scoped in StunMessageView response, in NetworkPath path, Instant now)
    {
        var id = response.TransactionId;
        var request = _requests.Find(r => r.Id == id && r.State != ServerRequest.Phase.Ended);
        if (request is null)
        {
            return false;
        }

        if (request.Path != path)
        {
            context.Drops.Add(IceDropReason.WrongSource);
            return true;
        }

        if (response.Class == StunClass.ErrorResponse)
        {
            response.TryGetErrorCode(out var code, out _);
            Fail(request, (int)code);
        }
        else if (TryGetMapped(response, out var mapped))
        {
            OnMapped(request, mapped, now);
        }

        UpdateState();
        return true;
    }

    public void HandleTimeout(Instant now)
    {
        foreach (var request in _requests)
        {
            if (request.State == ServerRequest.Phase.Ended || request.Deadline > now)
            {
                continue;
            }

            // A keep-alive that went unanswered is no failure: the next one asks again.
            if (request.State == ServerRequest.Phase.KeepingAlive)
            {
                Renew(request);
                request.Deadline = now + context.Options.ServerKeepAliveInterval;
                Send(request);
            }
            else if (request.Transmissions >= context.Options.MaxServerTransmissions)
            {
                Fail(request, ServerUnreachable);
            }
            else
            {
                Retransmit(request, now);
            }
        }

        UpdateState();
    }

    private static bool TryGetMapped(scoped in StunMessageView response, out TransportAddress mapped) =>
        response.TryGetXorAddress(StunAttributeType.XorMappedAddress, out mapped)
        || response.TryGetAddress(StunAttributeType.MappedAddress, out mapped);

    // A server on loopback is reached from loopback only, and knows nothing of use to the other sockets.
    private static bool CanAsk(TransportAddress host, TransportAddress server) =>
        !server.IsNone && host.IsIPv4 == server.IsIPv4 && host.IsLoopback == server.IsLoopback && host.IsLinkLocal == server.IsLinkLocal;

    private void Begin(string usernameFragment, Instant now)
    {
        _usernameFragment = usernameFragment;
        _requests.Clear();
        _known.Clear();
        _gathered.Clear();
        TransitionTo(IceGatheringState.Gathering);
        for (var rank = 0; rank < _hosts.Count; rank++)
        {
            _known.Add((_hosts[rank], _hosts[rank]));
            Offer(IceCandidateType.Host, _hosts[rank], _hosts[rank], rank, serverIndex: 0);
        }

        AskServers(now);
        UpdateState();
    }

    private void AskServers(Instant now)
    {
        // RFC 8445 5.1.1.2 and 14.2: requests to servers are paced like checks.
        var at = now;
        for (var server = 0; server < _servers.Length; server++)
        {
            for (var rank = 0; rank < _hosts.Count; rank++)
            {
                if (CanAsk(_hosts[rank], _servers[server]))
                {
                    var request = new ServerRequest(rank, server, new NetworkPath(_hosts[rank], _servers[server])) { Deadline = at };
                    Renew(request);
                    _requests.Add(request);
                    at += context.Options.CheckInterval;
                }
            }
        }

        HandleTimeout(now);
    }

    private void Renew(ServerRequest request)
    {
        request.Id = StunTransactionId.Create(context.Random);
        request.Transmissions = 0;
        request.RetransmissionTimeout = context.Options.RetransmissionTimeout;
    }

    private void Retransmit(ServerRequest request, Instant now)
    {
        request.Transmissions++;
        request.Deadline = now + request.RetransmissionTimeout;
        request.RetransmissionTimeout *= 2;
        Send(request);
    }

    private void Send(ServerRequest request) => context.Outbox.Send(new OutgoingMessage
    {
        Path = request.Path,
        Class = StunClass.Request,
        TransactionId = request.Id,
    });

    private void OnMapped(ServerRequest request, TransportAddress mapped, Instant now)
    {
        if (request.State == ServerRequest.Phase.KeepingAlive)
        {
            return;
        }

        request.State = ServerRequest.Phase.KeepingAlive;
        request.Deadline = now + context.Options.ServerKeepAliveInterval;

        // RFC 8445 5.1.3: the same address from the same base says nothing new; without a NAT it is the host candidate itself.
        var host = request.Path.Local;
        if (!mapped.IsAny && mapped.Port != 0 && mapped.IsIPv4 == host.IsIPv4 && _known.Add((mapped, host)))
        {
            Offer(IceCandidateType.ServerReflexive, mapped, host, request.Rank, request.ServerIndex);
        }
        else
        {
            request.State = ServerRequest.Phase.Ended;
        }
    }

    private void Offer(IceCandidateType type, TransportAddress address, TransportAddress host, int rank, int serverIndex)
    {
        var preference = HostAddressOrder.LocalPreference(rank, serverIndex);
        var server = type == IceCandidateType.Host ? default : _servers[serverIndex];
        var candidate = new IceCandidate
        {
            Foundation = _foundations.Get(type, host, server),
            Component = CandidatePriority.Component,
            Priority = CandidatePriority.ForCandidate(type, preference),
            Address = address,
            Type = type,
            RelatedAddress = type == IceCandidateType.Host ? null : host,
            UsernameFragment = _usernameFragment,
        };
        _gathered.Enqueue(new LocalCandidate(candidate, host, preference));
        Log.CandidateGathered(context.Logger, type, new RedactedAddress(address));
        context.Outbox.Raise(new IceEvent { Kind = IceEventKind.CandidateGathered, Candidate = candidate });
    }

    private void Fail(ServerRequest request, int errorCode)
    {
        var isFirstAnswer = request.State == ServerRequest.Phase.Asking;
        request.State = ServerRequest.Phase.Ended;
        if (isFirstAnswer)
        {
            Log.GatheringFailed(context.Logger, new RedactedAddress(request.Path.Remote), new RedactedAddress(request.Path.Local), errorCode);
            context.Outbox.Raise(new IceEvent { Kind = IceEventKind.GatheringFailed, ServerPath = request.Path, ErrorCode = errorCode });
        }
    }

    private void UpdateState()
    {
        if (State == IceGatheringState.Gathering && !_requests.Exists(static r => r.State == ServerRequest.Phase.Asking))
        {
            TransitionTo(IceGatheringState.Complete);
        }
    }

    private void TransitionTo(IceGatheringState state)
    {
        if (State != state)
        {
            State = state;
            Log.GatheringStateChanged(context.Logger, state);
            context.Outbox.Raise(new IceEvent { Kind = IceEventKind.GatheringStateChanged, GatheringState = state });
        }
    }
}
