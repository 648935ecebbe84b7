using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>
/// Gathers the local candidates (RFC 8445, 5.1.1): host ones from the sockets, server-reflexive ones by asking STUN servers from each socket.
/// Relayed ones come from the TURN clients of <see cref="IceRelays"/>.
/// </summary>
internal sealed class CandidateGatherer
{
    private const int MaxServers = 8;

    /// <summary>W3C: the error code of a server that could not be reached.</summary>
    private const int ServerUnreachable = 701;

    private readonly CheckContext _context;
    private readonly FoundationTable _foundations = new();
    private readonly List<ServerRequest> _requests = [];
    private readonly HashSet<(TransportAddress Mapped, TransportAddress Base)> _known = [];
    private readonly Queue<LocalCandidate> _gathered = new();
    private readonly List<GatheringHost> _hosts = [];
    private readonly TcpHosts _tcpHosts;
    private StunServer[] _servers = [];
    private HiddenHosts _hidden = new(null);
    private bool _isRelayOnly;
    private bool _isSuspended;
    private bool _hasRelayHosts;
    private string _usernameFragment = "";

    public CandidateGatherer(CheckContext context)
    {
        _context = context;
        _tcpHosts = new TcpHosts(context.Options.IsLite);
        context.Tcp.HostAdded = AddTcpHost;
        context.Tcp.HostRemoved = host => _tcpHosts.Remove(host);
        context.Relays.Allocated = OnRelayed;
        context.Relays.Failed = OnRelayFailed;
    }

    public IceGatheringState State { get; private set; }

    /// <summary>Waits to be told from where to gather.</summary>
    public bool IsSuspended => _isSuspended;

    /// <summary>The earliest deadline.</summary>
    public Instant? Next
    {
        get
        {
            var next = _context.Relays.Next;
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

    public void Start(IceGatheringOptions options, string usernameFragment, Instant now)
    {
        _isSuspended = false;
        _hosts.Clear();
        foreach (var address in HostAddressOrder.Sort([.. options.HostAddresses]))
        {
            _hosts.Add(new GatheringHost(address, _hosts.Count + HostAddressOrder.RankOfCost(options.NetworkCosts.GetValueOrDefault(address))));
        }

        // A lite agent offers host candidates only (RFC 8445, 5.2).
        _isRelayOnly = options.IsRelayOnly;
        _hidden = new HiddenHosts(options.HostNames);
        _servers = _context.Options.IsLite || _isRelayOnly ? [] : [.. options.StunServers.Take(MaxServers)];
        _tcpHosts.Reset(_isRelayOnly ? [] : options.TcpHosts);
        TransitionTo(IceGatheringState.Gathering);
        foreach (var server in options.UnusableServers)
        {
            RaiseFailure(server.Url, default, ServerUnreachable, server.Reason);
        }

        foreach (var server in _servers)
        {
            if (server.Address.IsNone)
            {
                RaiseFailure(server.Url, default, ServerUnreachable, "The server's name was not found.");
            }
        }

        if (!_context.Options.IsLite)
        {
            _hasRelayHosts = options.RelayHostAddresses.Count > 0;
            List<GatheringHost> relayHosts = _hasRelayHosts ? [.. HostAddressOrder.Sort([.. options.RelayHostAddresses]).Select(static (address, rank) => new GatheringHost(address, rank))] : _hosts;
            _context.Relays.Start(relayHosts, options.TurnServers, CanAsk, now);
        }

        Begin(usernameFragment, now);
    }

    /// <summary>Gathers anew on the same sockets.</summary>
    public void Restart(string usernameFragment, Instant now)
    {
        if (State != IceGatheringState.New && !_isSuspended)
        {
            Begin(usernameFragment, now);
        }
    }

    /// <summary>Gathers nothing until <see cref="Start"/> is called again.</summary>
    public void Suspend()
    {
        if (State != IceGatheringState.New)
        {
            _isSuspended = true;
            Clear();
            TransitionTo(IceGatheringState.Gathering);
        }
    }

    /// <summary>Gathers from another socket, whatever the state.</summary>
    public void AddHost(TransportAddress address, int networkCost, string? hostName, Instant now)
    {
        if (State == IceGatheringState.New || _isSuspended || address.IsNone || address.IsAny || IsBound(address) || _hosts.Count >= HostAddressOrder.MaxHosts)
        {
            return;
        }

        // The place of one that went is free again, so that an interface that comes back is worth what it was.
        var rank = HostAddressOrder.RankOfCost(networkCost);
        while (_hosts.Exists(h => h.Rank == rank))
        {
            rank++;
        }

        Log.HostAdded(_context.Logger, new RedactedAddress(address));
        var host = new GatheringHost(address, rank);
        _hosts.Add(host);
        _hidden.Name(address, hostName);
        OfferHost(host);
        AskServers([host], now);
        if (!_context.Options.IsLite && !_hasRelayHosts)
        {
            _context.Relays.AddHost(host, CanAsk, now);
        }
    }

    /// <summary>A socket is gone, with what was asked from it.</summary>
    public void RemoveHost(TransportAddress address)
    {
        if (_hosts.RemoveAll(h => h.Address == address) > 0)
        {
            Log.HostRemoved(_context.Logger, new RedactedAddress(address));
            _requests.RemoveAll(r => r.Path.Local == address);
            _known.RemoveWhere(k => k.Base == address);
        }

        // Relays may have sockets that are no candidates.
        _context.Relays.RemoveHost(address);
        UpdateState();
    }

    public bool IsHost(TransportAddress address) => !_isRelayOnly && IsBound(address);

    /// <summary>Whether a path begins at a host candidate.</summary>
    public bool IsHost(in NetworkPath path)
    {
        if (path.Protocol == TransportProtocol.Udp)
        {
            return IsHost(path.Local);
        }

        return _tcpHosts.Contains(path.Local);
    }

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
        _isSuspended = false;
        Clear();
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
            _context.Drops.Add(IceDropReason.WrongSource);
            return true;
        }

        if (response.Class == StunClass.ErrorResponse)
        {
            var error = TurnError.From(response);
            Fail(request, (int)error.Code, error.Reason);
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
        _context.Relays.HandleTimeout(now);
        SendDue(now);
        UpdateState();
    }

    private void SendDue(Instant now)
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
                request.Deadline = now + _context.Options.ServerKeepAliveInterval;
                Send(request);
            }
            else if (request.Transmissions >= _context.Options.MaxServerTransmissions)
            {
                Fail(request, ServerUnreachable, "The server did not answer.");
            }
            else
            {
                Retransmit(request, now);
            }
        }
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
        Clear();
        TransitionTo(IceGatheringState.Gathering);
        foreach (var host in _hosts)
        {
            OfferHost(host);
        }

        foreach (var (host, rank) in _tcpHosts.All)
        {
            OfferTcp(host, rank);
        }

        _context.Relays.Restart();
        AskServers(_hosts, now);
        UpdateState();
    }

    private void Clear()
    {
        _requests.Clear();
        _known.Clear();
        _gathered.Clear();
    }

    private bool IsBound(TransportAddress address)
    {
        foreach (var host in _hosts)
        {
            if (host.Address == address)
            {
                return true;
            }
        }

        return false;
    }

    private void OfferHost(GatheringHost host)
    {
        if (!_isRelayOnly)
        {
            _known.Add((host.Address, host.Address));
            Offer(IceCandidateType.Host, host.Address, host.Address, host.Rank, serverIndex: 0);
        }
    }

    private void AskServers(IReadOnlyList<GatheringHost> hosts, Instant now)
    {
        var at = now;
        for (var server = 0; server < _servers.Length; server++)
        {
            at = AskServer(server, hosts, at);
        }

        SendDue(now);
    }

    // RFC 8445 5.1.1.2 and 14.2: requests to servers are paced like checks.
    private Instant AskServer(int server, IReadOnlyList<GatheringHost> hosts, Instant at)
    {
        foreach (var host in hosts)
        {
            if (CanAsk(host.Address, _servers[server].Address))
            {
                var request = new ServerRequest(host.Rank, server, new NetworkPath(host.Address, _servers[server].Address)) { Deadline = at };
                Renew(request);
                _requests.Add(request);
                at += _context.Options.CheckInterval;
            }
        }

        return at;
    }

    private void AskForAddress(RelayAllocation allocation, Instant now)
    {
        if (!IsHost(allocation.Host) || allocation.IsConnected || Array.Exists(_servers, s => s.Address == allocation.Address) || _servers.Length >= 2 * MaxServers)
        {
            return;
        }

        _servers = [.. _servers, new StunServer(allocation.Address, allocation.Server.Url)];
        AskServer(_servers.Length - 1, _hosts, now);
    }

    private void Renew(ServerRequest request)
    {
        request.Id = StunTransactionId.Create(_context.Random);
        request.Transmissions = 0;
        request.RetransmissionTimeout = _context.Options.RetransmissionTimeout;
    }

    private void Retransmit(ServerRequest request, Instant now)
    {
        request.Transmissions++;
        request.Deadline = now + request.RetransmissionTimeout;
        request.RetransmissionTimeout *= 2;
        Send(request);
    }

    private void Send(ServerRequest request) => _context.Outbox.Send(new OutgoingMessage
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
        request.Deadline = now + _context.Options.ServerKeepAliveInterval;

        // RFC 8445 5.1.3: the same address from the same base says nothing new; without a NAT it is the host candidate itself.
        var host = request.Path.Local;
        if (!mapped.IsAny && mapped.Port != 0 && mapped.IsIPv4 == host.IsIPv4 && _known.Add((mapped, host)))
        {
            Offer(IceCandidateType.ServerReflexive, mapped, host, request.Rank, request.ServerIndex);
        }
        else
        {
            request.State = ServerRequest.Phase.Ended;
            TellHidden(request);
        }
    }

    // It is the host candidate as far as checks go, so it is told and no more.
    private void TellHidden(ServerRequest request)
    {
        var host = request.Path.Local;
        if (!_hidden.IsToldAsReflexive(host) || !_known.Add((host, default)))
        {
            return;
        }

        var candidate = MakeCandidate(IceCandidateType.ServerReflexive, host, host, HostAddressOrder.LocalPreference(request.Rank, request.ServerIndex), request.ServerIndex);
        _context.Outbox.Raise(new IceEvent { Kind = IceEventKind.CandidateGathered, Candidate = _hidden.Hide(candidate, out _) });
    }

    private void Offer(IceCandidateType type, TransportAddress address, TransportAddress host, int rank, int serverIndex)
    {
        var preference = HostAddressOrder.LocalPreference(rank, serverIndex);
        Offer(MakeCandidate(type, address, host, preference, serverIndex), host, preference);
    }

    private IceCandidate MakeCandidate(IceCandidateType type, TransportAddress address, TransportAddress host, int preference, int serverIndex)
    {
        var server = type == IceCandidateType.Host ? null : _servers[serverIndex];
        return new IceCandidate
        {
            Foundation = _foundations.Get(type, host, server?.Address ?? default),
            Component = CandidatePriority.Component,
            Priority = CandidatePriority.ForCandidate(type, preference),
            Address = address,
            Type = type,
            RelatedAddress = type == IceCandidateType.Host ? null : host,
            UsernameFragment = _usernameFragment,
            ServerUrl = server?.Url,
        };
    }

    private void AddTcpHost(IceTcpHost host, string? hostName)
    {
        if (State != IceGatheringState.New && !_isSuspended && !_isRelayOnly && _tcpHosts.Add(host) is { } rank)
        {
            _hidden.Name(host.Address, hostName);
            OfferTcp(host, rank);
        }
    }

    private void OfferTcp(in IceTcpHost host, int rank)
    {
        var preference = TcpPriority.LocalPreference(host.Type, rank);
        Offer(new IceCandidate
        {
            Foundation = _foundations.GetTcp(host.Address),
            Component = CandidatePriority.Component,
            Protocol = TransportProtocol.Tcp,
            TcpType = host.Type,
            Priority = TcpPriority.ForCandidate(IceCandidateType.Host, preference),
            Address = host.Address,
            Type = IceCandidateType.Host,
            UsernameFragment = _usernameFragment,
        }, host.Address, preference);
    }

    private void Offer(IceCandidate candidate, TransportAddress host, int preference)
    {
        candidate = _hidden.Hide(candidate, out var isTold);
        _gathered.Enqueue(new LocalCandidate(candidate, host, preference));
        Log.CandidateGathered(_context.Logger, candidate.Type, new RedactedAddress(candidate.Address));

        // Deviation: RFC 8838 13 tells none after a nomination. With what a slow server says later a path that falls silent can be replaced.
        if (isTold)
        {
            _context.Outbox.Raise(new IceEvent { Kind = IceEventKind.CandidateGathered, Candidate = candidate });
        }
    }

    private void OnRelayed(RelayAllocation allocation)
    {
        var client = allocation.Client!;
        var mapped = client.MappedAddress;
        OfferReflexive(allocation, mapped);
        OfferRelayed(allocation, client.RelayedAddress4, mapped);
        OfferRelayed(allocation, client.RelayedAddress6, mapped);
    }

    // RFC 8445 5.1.1.2: an Allocate response gives a server-reflexive candidate as well.
    private void OfferReflexive(RelayAllocation allocation, TransportAddress mapped)
    {
        var host = allocation.Host;
        if (!IsHost(host) || allocation.IsConnected || mapped.IsNone || mapped.IsAny || mapped.Port == 0 || mapped.IsIPv4 != host.IsIPv4 || !_known.Add((mapped, host)))
        {
            return;
        }

        var preference = HostAddressOrder.LocalPreference(allocation.Rank, allocation.ServerIndex);
        Offer(new IceCandidate
        {
            Foundation = _foundations.Get(IceCandidateType.ServerReflexive, host, allocation.Address),
            Component = CandidatePriority.Component,
            Priority = CandidatePriority.ForCandidate(IceCandidateType.ServerReflexive, preference),
            Address = mapped,
            Type = IceCandidateType.ServerReflexive,
            RelatedAddress = host,
            UsernameFragment = _usernameFragment,
            ServerUrl = allocation.Server.Url,
        }, host, preference);
    }

    private void OfferRelayed(RelayAllocation allocation, TransportAddress relayed, TransportAddress mapped)
    {
        // A server that names one of this agent's own sockets would have everything for that socket wrapped.
        if (relayed.IsNone || IsBound(relayed))
        {
            return;
        }

        // RFC 8839 5.1: with only relayed candidates the address behind the relay is not told either.
        var related = _isRelayOnly || mapped.IsNone ? HiddenHosts.NoAddress(relayed) : mapped;
        var preference = HostAddressOrder.RelayPreference(allocation.Rank, allocation.ServerIndex, allocation.Server.Protocol, relayed.IsIPv6);
        Offer(new IceCandidate
        {
            Foundation = _foundations.Get(IceCandidateType.Relay, relayed, allocation.Address, allocation.Server.Protocol),
            Component = CandidatePriority.Component,
            Priority = CandidatePriority.ForCandidate(IceCandidateType.Relay, preference),
            Address = relayed,
            Type = IceCandidateType.Relay,
            RelatedAddress = related,
            UsernameFragment = _usernameFragment,
            RelayProtocol = allocation.Server.Protocol,
            ServerUrl = allocation.Server.Url,
        }, relayed, preference);
    }

    private void OnRelayFailed(RelayAllocation allocation, TurnError error, Instant now)
    {
        var code = error.Code == default ? ServerUnreachable : (int)error.Code;
        var text = error switch
        {
            { Reason.Length: > 0 } => error.Reason,
            { Kind: TurnErrorKind.Timeout } => "The server did not answer.",
            _ => "The server's answer is of no use.",
        };
        var protocol = allocation.IsStream ? TransportProtocol.Tcp : TransportProtocol.Udp;
        RaiseFailure(allocation.Server.Url, new NetworkPath(_isRelayOnly ? default : allocation.Host, allocation.Address, protocol), code, text);

        // RFC 8445 5.1.1.2: a server that has no room for an allocation can still tell the address outside.
        if (error.Kind is TurnErrorKind.QuotaReached or TurnErrorKind.InsufficientCapacity && allocation.Recoveries == 0)
        {
            AskForAddress(allocation, now);
        }
    }

    private void Fail(ServerRequest request, int errorCode, string text)
    {
        var isFirstAnswer = request.State == ServerRequest.Phase.Asking;
        request.State = ServerRequest.Phase.Ended;
        if (isFirstAnswer)
        {
            RaiseFailure(_servers[request.ServerIndex].Url, request.Path, errorCode, text);
        }
    }

    private void RaiseFailure(string url, NetworkPath path, int errorCode, string text)
    {
        Log.GatheringFailed(_context.Logger, new RedactedAddress(path.Remote), new RedactedAddress(path.Local), errorCode);
        _context.Outbox.Raise(new IceEvent { Kind = IceEventKind.GatheringFailed, ServerPath = path, ErrorCode = errorCode, ErrorText = text, ServerUrl = url });
    }

    /// <summary>Says so when nothing is asked any more.</summary>
    public void UpdateState()
    {
        if (State == IceGatheringState.Gathering && !_isSuspended && !_context.Relays.IsGathering && !_requests.Exists(static r => r.State == ServerRequest.Phase.Asking))
        {
            TransitionTo(IceGatheringState.Complete);
        }
    }

    private void TransitionTo(IceGatheringState state)
    {
        if (State != state)
        {
            State = state;
            Log.GatheringStateChanged(_context.Logger, state);
            _context.Outbox.Raise(new IceEvent { Kind = IceEventKind.GatheringStateChanged, GatheringState = state });
        }
    }
}
