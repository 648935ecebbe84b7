using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>
/// The allocations of an agent on TURN servers. A relayed address is the base of its candidate, and a path that begins with it goes through the server:
/// its owner unwraps what servers send before it looks at it, and wraps what goes along such a path. An allocation serves all peers and all generations.
/// Part of <see cref="IceAgent"/>, with the same rules: single-threaded; poll the agent after each call.
/// </summary>
public sealed class IceRelays
{
    /// <summary>How many bytes wrapping adds at most, padding included.</summary>
    public const int MaxOverhead = TurnIndication.MaxOverhead + 3;

    private const int MaxServers = 8;
    private const int MaxAllocations = 8;
    private const int MaxRedirects = 3;
    private const int MaxWaiting = 256;
    private const int MaxGone = 32;

    private readonly IceAgentOptions _options;
    private readonly IRandomSource _random;
    private readonly ILogger _logger;
    private readonly List<RelayAllocation> _allocations = [];
    private readonly Queue<IceStreamRequest> _streamRequests = new();
    private readonly List<NetworkPath> _wanted = [];
    private readonly List<OutgoingMessage> _waiting = [];
    private TurnServer[] _servers = [];

    // Relayed addresses that were lost: what is still to go out from them, such as the checks of their pairs, goes nowhere.
    private readonly List<TransportAddress> _gone = [];
    private int _lastStreamId;

    internal IceRelays(IceAgentOptions options, IRandomSource random, ILogger logger)
    {
        _options = options;
        _random = random;
        _logger = logger;
    }

    /// <summary>Whether there is no TURN server in use, so that nothing needs to be unwrapped.</summary>
    public bool IsEmpty => _allocations.Count == 0;

    /// <summary>Whether an answer of a server is still waited for.</summary>
    internal bool IsGathering => _allocations.Exists(static a => a.Recoveries == 0 && a.State is RelayAllocation.Phase.Opening or RelayAllocation.Phase.Asking);

    /// <summary>Whether an allocation was lost and another one is being asked for in its place.</summary>
    internal bool IsRecovering => _allocations.Exists(static a => a.Recoveries > 0 && a.State is not RelayAllocation.Phase.Ended and not RelayAllocation.Phase.Ready);

    internal Instant? Next
    {
        get
        {
            Instant? next = null;
            foreach (var allocation in _allocations)
            {
                next = Instant.Earliest(Instant.Earliest(next, allocation.RecoverAt), Instant.Earliest(allocation.OpenDeadline, allocation.Client?.NextTimeout));
            }

            return next;
        }
    }

    /// <summary>Called after every public verb, so that the agent does what follows from it.</summary>
    internal Action<Instant> Settle { get; set; } = static _ => { };

    /// <summary>There is a new allocation.</summary>
    internal Action<RelayAllocation> Allocated { get; set; } = static _ => { };

    /// <summary>A server gave none; nothing else is tried.</summary>
    internal Action<RelayAllocation, TurnError, Instant> Failed { get; set; } = static (_, _, _) => { };

    /// <summary>An allocation has gone: the relayed address, and the peer if it is about one only, are of no use any more.</summary>
    internal Action<TransportAddress, TransportAddress?> Lost { get; set; } = static (_, _) => { };

    /// <summary>Sends a message that had to wait for a permission.</summary>
    internal Action<OutgoingMessage> Resend { get; set; } = static _ => { };

    /// <summary>
    /// Looks whether a datagram (or a frame of a stream) comes from a TURN server and is meant for the client of an allocation. Ask for STUN and ChannelData
    /// (RFC 7983: first byte 0 to 3 and 64 to 79) before anything else. Allocates nothing for data.
    /// </summary>
    /// <param name="datagram">Borrowed.</param>
    /// <param name="path">The socket and the server.</param>
    /// <param name="now">The time.</param>
    /// <param name="data">A peer's data, which is to be handled as if it had come on <see cref="IceRelayedData.Path"/>; empty if there is nothing more to do.</param>
    /// <returns>False if it is an ordinary datagram.</returns>
    public bool TryUnwrap(ReadOnlySpan<byte> datagram, in NetworkPath path, Instant now, out IceRelayedData data)
    {
        data = default;
        foreach (var allocation in _allocations)
        {
            if (!allocation.IsOn(path))
            {
                continue;
            }

            var client = allocation.Client!;
            switch (client.HandleDatagram(datagram, now, out var received))
            {
                case TurnInput.Data:
                    data = new IceRelayedData(received.Offset, received.Length, new NetworkPath(received.Peer.IsIPv4 ? client.RelayedAddress4 : client.RelayedAddress6, received.Peer));
                    return true;
                case TurnInput.Handled:
                    Settle(now);
                    return true;
                case TurnInput.NotForUs:
                    return false;
            }
        }

        return false;
    }

    /// <summary>Where data for a path is to lie in the datagram that leaves: 0 unless the path goes through a TURN server.</summary>
    public int GetDataOffset(in NetworkPath path) => Find(path.Local) is { } allocation ? allocation.Client!.GetDataOffset(path.Remote) : 0;

    /// <summary>The path of the datagrams that carry data along <paramref name="path"/>: to the TURN server if it goes through one, itself otherwise.</summary>
    public NetworkPath GetOuterPath(in NetworkPath path) => Find(path.Local) is { } allocation ? allocation.Client!.Path : path;

    /// <summary>
    /// Makes data that lies at <see cref="GetDataOffset"/> a datagram ready to leave, as ChannelData or a Send indication where the path goes through a TURN server.
    /// Nothing may have been handled in between. Allocates nothing.
    /// </summary>
    /// <param name="datagram">Borrowed; <see cref="MaxOverhead"/> longer than the data.</param>
    /// <param name="dataLength">The length of the data.</param>
    /// <param name="path">The path.</param>
    /// <param name="transmit">The whole length and where it goes.</param>
    /// <returns>False if the server does not let data go to the peer.</returns>
    public bool TryWrap(Span<byte> datagram, int dataLength, in NetworkPath path, out Transmit transmit)
    {
        if (Find(path.Local) is not { } allocation)
        {
            transmit = new Transmit(dataLength, path);
            return _gone.Count == 0 || !_gone.Contains(path.Local);
        }

        var length = allocation.Client!.Wrap(datagram, path.Remote, dataLength);
        transmit = new Transmit(length, allocation.Client.Path);
        return length > 0;
    }

    /// <summary>Takes the next stream to be opened or closed.</summary>
    public bool TryPollStreamRequest(out IceStreamRequest? request) => _streamRequests.TryDequeue(out request);

    /// <summary>Says that a stream is open, TLS included.</summary>
    public void OnStreamOpened(int id, TransportAddress local, Instant now)
    {
        if (_allocations.Find(a => a.StreamId == id && a.State == RelayAllocation.Phase.Opening) is { } allocation)
        {
            allocation.OpenDeadline = null;
            Ask(allocation, new NetworkPath(local, allocation.Address, allocation.IsStream ? TransportProtocol.Tcp : TransportProtocol.Dtls), now);
            Settle(now);
        }
        else
        {
            _streamRequests.Enqueue(new IceStreamRequest(id, IsOpen: false, default, IceRelayProtocol.Tcp, ""));
        }
    }

    /// <summary>Says that a stream could not be opened, or has ended.</summary>
    public void OnStreamClosed(int id, Instant now)
    {
        if (_allocations.Find(a => a.StreamId == id && a.State != RelayAllocation.Phase.Ended) is { } allocation)
        {
            OnFailed(allocation, new TurnError(TurnErrorKind.Timeout), now);
            Settle(now);
        }
    }

    internal void Start(IReadOnlyList<GatheringHost> hosts, IReadOnlyList<TurnServer> servers, Func<TransportAddress, TransportAddress, bool> canAsk, Instant now)
    {
        GiveUpOthers(servers, now);
        _servers = [.. servers.Take(MaxServers)];
        for (var index = 0; index < _servers.Length; index++)
        {
            var server = _servers[index];
            if (_allocations.Exists(a => IsAlive(a) && a.Server.IsSameAs(server)))
            {
                continue;
            }

            if (server.Addresses.Count == 0)
            {
                Failed(new RelayAllocation(server, index, default, 0, []), new TurnError(TurnErrorKind.Timeout, Reason: "The server's name was not found."), now);
            }
            else if (server.Protocol != IceRelayProtocol.Udp)
            {
                Add(new RelayAllocation(server, index, default, 0, server.Addresses), now);
            }
            else
            {
                AddForHosts(server, index, hosts, canAsk, now);
            }
        }
    }

    /// <summary>Allocates from another socket; servers over streams are asked again if their stream has ended, as that may have been the network's fault.</summary>
    internal void AddHost(GatheringHost host, Func<TransportAddress, TransportAddress, bool> canAsk, Instant now)
    {
        for (var index = 0; index < _servers.Length; index++)
        {
            var server = _servers[index];
            if (server.Protocol == IceRelayProtocol.Udp)
            {
                if (server.Addresses.Any(address => canAsk(host.Address, address)))
                {
                    AddForHosts(server, index, [host], canAsk, now);
                }
            }
            else if (server.Addresses.Count > 0 && !_allocations.Exists(a => IsAlive(a) && a.ServerIndex == index))
            {
                Add(new RelayAllocation(server, index, default, 0, server.Addresses), now);
            }
        }
    }

    /// <summary>A socket is gone, or the address that streams went out from: so are the allocations made from it.</summary>
    internal void RemoveHost(TransportAddress address)
    {
        foreach (var allocation in _allocations)
        {
            if (IsAlive(allocation) && (allocation.Host == address || (allocation.IsConnected && allocation.Client?.Path.Local.HasSameAddress(address) == true)))
            {
                End(allocation);
            }
        }

        _allocations.RemoveAll(static a => a.Client is null && !IsAlive(a));
    }

    /// <summary>Offers the allocations anew, for another generation.</summary>
    internal void Restart()
    {
        _wanted.Clear();
        foreach (var allocation in _allocations)
        {
            if (allocation.State == RelayAllocation.Phase.Ready)
            {
                Allocated(allocation);
            }
        }
    }

    internal bool IsRelayed(TransportAddress local) => Find(local) is not null;

    /// <summary>Data will go along a relayed path: its peer needs a permission.</summary>
    internal void Want(in NetworkPath path)
    {
        if (IsRelayed(path.Local))
        {
            _wanted.Add(path);
        }
    }

    /// <summary>Data goes along a path now: a channel makes it cheap.</summary>
    internal void Select(in NetworkPath path, Instant now) => Find(path.Local)?.Client!.BindChannel(path.Remote, now);

    /// <summary>Nothing has come along a path for a while: if it is relayed, its server is asked whether the allocation still lives.</summary>
    internal void Doubt(in NetworkPath path, Instant now) => Find(path.Local)?.Client!.Refresh(now);

    /// <summary>Whether a message must wait, because the server has not yet granted the permission; it is kept, once per transaction.</summary>
    internal bool TryHold(in OutgoingMessage message)
    {
        if (Find(message.Path.Local) is not { } allocation || allocation.Client!.IsPermitted(message.Path.Remote))
        {
            return false;
        }

        Keep(message);
        return true;
    }

    internal void HandleTimeout(Instant now)
    {
        foreach (var allocation in _allocations)
        {
            if (allocation.RecoverAt <= now)
            {
                // A server that was restarted has forgotten the allocation; it, or another address of the same name, will give another one.
                Try(allocation, allocation.BeginAgain(), now);
            }
            else if (allocation.OpenDeadline <= now)
            {
                OnFailed(allocation, new TurnError(TurnErrorKind.Timeout), now);
            }
            else if (allocation.Client?.NextTimeout <= now)
            {
                allocation.Client.HandleTimeout(now);
            }
        }
    }

    /// <summary>Asks for the permissions that are wanted, and acts on what the clients have to tell.</summary>
    internal void Pump(Instant now)
    {
        foreach (var path in _wanted)
        {
            if (Find(path.Local) is { } allocation && !allocation.Client!.AddPeer(path.Remote, now))
            {
                Lost(path.Local, path.Remote);
            }
        }

        _wanted.Clear();
        foreach (var allocation in _allocations)
        {
            while (allocation.Client is { } client && client.TryPollEvent(out var e))
            {
                OnEvent(allocation, client, e, now);
            }
        }
    }

    internal bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        foreach (var allocation in _allocations)
        {
            if (allocation.Client is { } client && client.TryPollTransmit(destination, out transmit))
            {
                return true;
            }
        }

        transmit = default;
        return false;
    }

    /// <summary>Ends all allocations; the farewells are left to be polled.</summary>
    internal void Close(Instant now)
    {
        _waiting.Clear();
        _wanted.Clear();
        foreach (var allocation in _allocations)
        {
            allocation.State = RelayAllocation.Phase.Ended;
            allocation.OpenDeadline = null;
            allocation.Client?.Close(now);
            CloseStream(allocation);
        }
    }

    internal void Dispose()
    {
        foreach (var allocation in _allocations)
        {
            allocation.Client?.Dispose();
        }

        _allocations.Clear();
    }

    private static bool IsAlive(RelayAllocation allocation) => allocation.State != RelayAllocation.Phase.Ended;

    // Nothing can be said to the server any more; it notices by its own timer.
    private void End(RelayAllocation allocation)
    {
        var (client, wasReady) = (allocation.Client, allocation.State == RelayAllocation.Phase.Ready);
        CloseStream(allocation);
        allocation.OpenDeadline = null;
        allocation.State = RelayAllocation.Phase.Ended;
        allocation.Client = null;
        if (wasReady)
        {
            Lost(client!.RelayedAddress4, null);
            Lost(client.RelayedAddress6, null);
        }

        client?.Dispose();
    }

    private void GiveUpOthers(IReadOnlyList<TurnServer> servers, Instant now)
    {
        // Those that were given up before have said their farewells by now.
        _allocations.RemoveAll(static a => !IsAlive(a));
        foreach (var allocation in _allocations)
        {
            if (!servers.Any(allocation.Server.IsSameAs))
            {
                allocation.State = RelayAllocation.Phase.Ended;
                allocation.OpenDeadline = null;
                allocation.Client?.Close(now);
                CloseStream(allocation);
            }
        }
    }

    // Apart from TryHold, which is asked for every message: the closure here is allocated at the start of the method.
    private void Keep(OutgoingMessage message)
    {
        var id = message.TransactionId;
        if (!_waiting.Exists(m => m.TransactionId == id))
        {
            if (_waiting.Count == MaxWaiting)
            {
                _waiting.RemoveAt(0);
            }

            _waiting.Add(message);
        }
    }

    private RelayAllocation? Find(TransportAddress relayed)
    {
        foreach (var allocation in _allocations)
        {
            if (allocation.Relays(relayed))
            {
                return allocation;
            }
        }

        return null;
    }

    private void AddForHosts(TurnServer server, int index, IReadOnlyList<GatheringHost> hosts, Func<TransportAddress, TransportAddress, bool> canAsk, Instant now)
    {
        var isReachable = false;
        foreach (var (host, rank) in hosts)
        {
            if (server.Addresses.Any(address => canAsk(host, address)))
            {
                isReachable = true;
                Add(new RelayAllocation(server, index, host, rank, server.Addresses.Where(address => canAsk(host, address))), now);
            }
        }

        if (!isReachable)
        {
            Failed(
                new RelayAllocation(server, index, default, 0, []) { Address = server.Addresses[0] },
                new TurnError(TurnErrorKind.Timeout, Reason: "No local address leads to the server."),
                now);
        }
    }

    private void Add(RelayAllocation allocation, Instant now)
    {
        if (_allocations.Count(IsAlive) < MaxAllocations && allocation.Addresses.TryDequeue(out var address))
        {
            _allocations.Add(allocation);
            Try(allocation, address, now);
        }
    }

    private void Try(RelayAllocation allocation, TransportAddress address, Instant now)
    {
        allocation.Address = address;
        if (!allocation.IsConnected)
        {
            Ask(allocation, new NetworkPath(allocation.Host, address), now);
            return;
        }

        allocation.State = RelayAllocation.Phase.Opening;
        allocation.StreamId = ++_lastStreamId;
        allocation.OpenDeadline = now + _options.ServerConnectTimeout;
        _streamRequests.Enqueue(new IceStreamRequest(
            allocation.StreamId, IsOpen: true, address, allocation.Server.Protocol, allocation.Server.HostName));
    }

    private void Ask(RelayAllocation allocation, NetworkPath path, Instant now)
    {
        var options = new TurnClientOptions
        {
            Username = allocation.Server.Username,
            Password = allocation.Server.Password,
            IsStream = allocation.IsStream,
            RetransmissionTimeout = _options.RetransmissionTimeout,
            MaxTransmissions = _options.MaxServerTransmissions,
            StreamTransactionTimeout = _options.ServerConnectTimeout,
            MaxPeers = _options.MaxRemoteCandidates + _options.MaxPeerReflexiveCandidates,
        };
        allocation.Client?.Dispose();
        allocation.Client = new TurnClient(path, options, _random, _logger);
        allocation.State = RelayAllocation.Phase.Asking;
        allocation.Client.Allocate(now);
    }

    private void OnEvent(RelayAllocation allocation, TurnClient client, in TurnClientEvent e, Instant now)
    {
        switch (e.Kind)
        {
            case TurnClientEventKind.Allocated when allocation.State == RelayAllocation.Phase.Asking:
                allocation.State = RelayAllocation.Phase.Ready;
                allocation.Recoveries = 0;
                _gone.RemoveAll(allocation.Relays);
                Allocated(allocation);
                break;
            case TurnClientEventKind.Failed when allocation.State != RelayAllocation.Phase.Ended:
                OnFailed(allocation, e.Error!, now);
                break;
            case TurnClientEventKind.PermissionGranted:
                Release(e.Peer);
                break;
            case TurnClientEventKind.PermissionRefused:
                Forget(e.Peer);
                Lost(e.Peer.IsIPv4 ? client.RelayedAddress4 : client.RelayedAddress6, e.Peer);
                break;
            default:
                // A bound channel changes how data is wrapped, nothing else.
                break;
        }
    }

    private void Forget(TransportAddress peer) => _waiting.RemoveAll(m => m.Path.Remote.HasSameAddress(peer));

    private void Release(TransportAddress peer)
    {
        for (var i = 0; i < _waiting.Count;)
        {
            if (_waiting[i].Path.Remote.HasSameAddress(peer))
            {
                Resend(_waiting[i]);
                _waiting.RemoveAt(i);
            }
            else
            {
                i++;
            }
        }
    }

    private void OnFailed(RelayAllocation allocation, TurnError error, Instant now)
    {
        var wasReady = allocation.State == RelayAllocation.Phase.Ready;
        CloseStream(allocation);
        allocation.OpenDeadline = null;
        allocation.State = RelayAllocation.Phase.Ended;
        if (wasReady)
        {
            Log.RelayLost(_logger, error.Kind);
            foreach (var relayed in new[] { allocation.Client!.RelayedAddress4, allocation.Client.RelayedAddress6 })
            {
                GiveUp(relayed);
            }

            allocation.WaitToRecover(now);
        }
        else if (error is { Kind: TurnErrorKind.TryAlternate, AlternateServer: { } alternate }
            && alternate != allocation.Address && alternate.IsIPv4 == allocation.Address.IsIPv4 && alternate.Port != 0 && ++allocation.Redirects <= MaxRedirects)
        {
            // RFC 8489 10: ask the other server, with the same credentials. The bound stops servers that send clients round in circles.
            Try(allocation, alternate, now);
        }
        else if (error.Kind is TurnErrorKind.Timeout or TurnErrorKind.InsufficientCapacity && allocation.Addresses.TryDequeue(out var next))
        {
            Try(allocation, next, now);
        }
        else if (allocation.CanRecover && error.Kind is TurnErrorKind.Timeout or TurnErrorKind.InsufficientCapacity or TurnErrorKind.AllocationMismatch)
        {
            allocation.WaitToRecover(now);
        }
        else
        {
            Failed(allocation, error, now);
        }
    }

    private void GiveUp(TransportAddress relayed)
    {
        if (!relayed.IsNone)
        {
            if (_gone.Count == MaxGone)
            {
                _gone.RemoveAt(0);
            }

            _gone.Add(relayed);
            Lost(relayed, null);
        }
    }

    private void CloseStream(RelayAllocation allocation)
    {
        if (allocation.StreamId != 0)
        {
            _streamRequests.Enqueue(new IceStreamRequest(allocation.StreamId, IsOpen: false, default, IceRelayProtocol.Tcp, ""));
            allocation.StreamId = 0;
        }
    }
}
