using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>
/// A TURN client (RFC 8656) for one allocation on one server, sans-IO: it is told the time and handed datagrams or stream frames, and is polled.
/// It keeps allocation, permissions and channels alive, answers challenges, and lays the server's wrapping around data that is in place already.
/// Single-threaded. After each handle or command poll until both polls answer <see langword="false"/>, then arm one timer at <see cref="NextTimeout"/>.
/// </summary>
/// <remarks>
/// <code>
/// New --Allocate--> Allocating --success--> Allocated --Close--> Closing --answer or none--> Closed
///                       |                       |
///                       +-- error, no answer -->+--lost--> Failed          (Close in New, Allocating, Failed: Closed)
/// </code>
/// </remarks>
public sealed class TurnClient : IDisposable
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RefreshMargin = TimeSpan.FromMinutes(1);

    private readonly TurnClientOptions _options;
    private readonly ILogger _logger;
    private readonly StunLongTermCredentials? _credentials;
    private readonly TurnRequests _requests;
    private readonly TurnPeerTable _peers;
    private readonly TurnPeerUpkeep _upkeep;
    private readonly TurnPeerData _data;
    private readonly Queue<TurnClientEvent> _events = new();
    private TurnAddressFamily? _family;
    private Instant? _refreshAt;

    /// <summary>Creates a client.</summary>
    /// <param name="path">The local socket and the server. Over a stream that of the connection.</param>
    /// <param name="options">Settings.</param>
    /// <param name="random">For transaction ids.</param>
    /// <param name="logger">Where messages go.</param>
    public TurnClient(NetworkPath path, TurnClientOptions options, IRandomSource random, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        Path = path;
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _family = options.Family;
        _credentials = options is { Username: { } username, Password: { } password } ? new StunLongTermCredentials(username, password) : null;
        _requests = new TurnRequests(options, random);
        _peers = new TurnPeerTable(options.MaxPeers);
        _upkeep = new TurnPeerUpkeep(_peers, Start, _events.Enqueue, _logger);
        _data = new TurnPeerData(_peers, options.IsStream, StunTransactionId.Create(random));
    }

    /// <summary>The local socket and the server.</summary>
    public NetworkPath Path { get; }

    /// <summary>The state.</summary>
    public TurnClientState State { get; private set; }

    /// <summary>The relayed IPv4 address, or none.</summary>
    public TransportAddress RelayedAddress4 { get; private set; }

    /// <summary>The relayed IPv6 address, or none.</summary>
    public TransportAddress RelayedAddress6 { get; private set; }

    /// <summary>This client's address as the server sees it.</summary>
    public TransportAddress MappedAddress { get; private set; }

    /// <summary>What was dropped: malformed, without permission, or not proved to come from the server.</summary>
    public long DatagramsDropped { get; private set; }

    /// <summary>When to call <see cref="HandleTimeout"/>, or <see langword="null"/> if nothing is pending.</summary>
    public Instant? NextTimeout => Instant.Earliest(_requests.Next, Instant.Earliest(_refreshAt, _upkeep.Next));

    /// <summary>Asks for an allocation.</summary>
    /// <exception cref="InvalidOperationException">It has been asked for before.</exception>
    public void Allocate(Instant now)
    {
        if (State != TurnClientState.New)
        {
            throw new InvalidOperationException("One client makes one allocation.");
        }

        TransitionTo(TurnClientState.Allocating);
        Start(new TurnRequest(StunMethod.Allocate), now);
    }

    /// <summary>Asks that data may go to and come from a peer. Nothing happens if that has been asked for before.</summary>
    /// <returns>False if there is no allocation, if no host can have the address, if there is no relayed address of its family, or if there are too many peers.</returns>
    public bool AddPeer(TransportAddress peer, Instant now)
    {
        if (State != TurnClientState.Allocated
            || !TurnPeerAddress.TryCanonicalize(peer, out var canonical)
            || (canonical.IsIPv4 ? RelayedAddress4 : RelayedAddress6).IsNone)
        {
            return false;
        }

        if (_peers.TryGet(canonical, out _))
        {
            return true;
        }

        if (!_peers.TryAdd(canonical, out var added, out var isNewPermission))
        {
            return false;
        }

        if (isNewPermission)
        {
            Start(new TurnRequest(StunMethod.CreatePermission, added), now);
        }

        return true;
    }

    /// <summary>Asks for a channel to a peer, which is added if it is new. Until the server has bound it, data goes in indications.</summary>
    /// <returns>As <see cref="AddPeer"/>.</returns>
    public bool BindChannel(TransportAddress peer, Instant now)
    {
        if (!AddPeer(peer, now) || !TurnPeerAddress.TryCanonicalize(peer, out var canonical) || !_peers.TryGet(canonical, out var known))
        {
            return false;
        }

        if (known.Channel is null)
        {
            _peers.AssignChannel(known);
            Start(new TurnRequest(StunMethod.ChannelBind, known), now);
        }

        return true;
    }

    /// <summary>Whether data may go to a peer now.</summary>
    public bool IsPermitted(TransportAddress peer) =>
        State == TurnClientState.Allocated
        && TurnPeerAddress.TryCanonicalize(peer, out var canonical)
        && _peers.FindPermission(canonical) is { State: TurnPermission.Phase.Granted };

    /// <summary>Where data for a peer is to lie in the message, so that <see cref="Wrap"/> needs not move it.</summary>
    public int GetDataOffset(TransportAddress peer) => _data.GetOffset(peer);

    /// <summary>
    /// Wraps data for a peer that lies at <see cref="GetDataOffset"/>, as ChannelData if a channel is bound, otherwise as a Send indication.
    /// Allocates nothing.
    /// </summary>
    /// <param name="message">Borrowed; three bytes longer than the message without padding.</param>
    /// <param name="peer">A peer that has been added, in canonical form.</param>
    /// <param name="dataLength">The length of the data.</param>
    /// <returns>The length of the message; 0 if data may not go to the peer.</returns>
    public int Wrap(Span<byte> message, TransportAddress peer, int dataLength) =>
        State == TurnClientState.Allocated ? _data.Wrap(message, peer, dataLength) : 0;

    /// <summary>
    /// Refreshes the allocation now: for whoever has reason to think that the server has forgotten it. The answer, or that there is none, then tells. Nothing happens
    /// if there is no allocation, or a refresh is under way.
    /// </summary>
    public void Refresh(Instant now)
    {
        if (State == TurnClientState.Allocated && !_requests.Contains(StunMethod.Refresh))
        {
            _refreshAt = null;
            Start(new TurnRequest(StunMethod.Refresh), now);
        }
    }

    /// <summary>Ends the allocation.</summary>
    public void Close(Instant now)
    {
        if (State is TurnClientState.Closing or TurnClientState.Closed)
        {
            return;
        }

        var hadAllocation = State == TurnClientState.Allocated;
        Release();
        if (hadAllocation)
        {
            TransitionTo(TurnClientState.Closing);
            Start(new TurnRequest(StunMethod.Refresh, isFinal: true), now);
        }
        else
        {
            OnClosed();
        }
    }

    /// <summary>Takes what came from the server, whole: a datagram or a frame of the stream. Allocates nothing for data.</summary>
    /// <param name="datagram">Borrowed.</param>
    /// <param name="now">The time.</param>
    /// <param name="data">Where a peer's data lies, with <see cref="TurnInput.Data"/>.</param>
    public TurnInput HandleDatagram(ReadOnlySpan<byte> datagram, Instant now, out TurnReceivedData data)
    {
        data = default;
        if (TurnChannelData.LooksLikeChannelData(datagram))
        {
            return Receive(State == TurnClientState.Allocated && _data.TryReadChannelData(datagram, now, out data));
        }

        if (!StunMessageView.TryParse(datagram, out var message))
        {
            return TurnInput.NotForUs;
        }

        switch (message.Class)
        {
            case StunClass.Indication when message.Method == StunMethod.Data:
                return Receive(State == TurnClientState.Allocated && _data.TryReadIndication(datagram, message, now, out data));
            case StunClass.SuccessResponse or StunClass.ErrorResponse when _requests.Peek(message.TransactionId) is { } request:
                HandleResponse(request, message, now);
                return TurnInput.Handled;
            default:
                return TurnInput.NotForUs;
        }
    }

    /// <summary>Does what is due. Call at <see cref="NextTimeout"/> or later; earlier does no harm.</summary>
    public void HandleTimeout(Instant now)
    {
        while (_requests.TryTakeExpired(now, out var expired))
        {
            OnFailed(expired!, new TurnError(TurnErrorKind.Timeout), now);
        }

        if (_refreshAt <= now)
        {
            _refreshAt = null;
            Start(new TurnRequest(StunMethod.Refresh), now);
        }

        if (_upkeep.Next <= now)
        {
            _upkeep.HandleTimeout(now);
        }
    }

    /// <summary>Writes one message for the server, if there is one to be sent.</summary>
    /// <param name="destination">At least 1200 bytes.</param>
    /// <param name="transmit">Its length, and <see cref="Path"/>.</param>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (!_requests.TryTakeToWrite(out var request))
        {
            return false;
        }

        transmit = new Transmit(TurnRequestWriter.Write(destination, request!, _family, _options.Lifetime, _credentials), Path);
        return true;
    }

    /// <summary>Takes the next event.</summary>
    public bool TryPollEvent(out TurnClientEvent e) => _events.TryDequeue(out e);

    /// <summary>Releases the key, without a word to the server.</summary>
    public void Dispose()
    {
        Release();
        State = TurnClientState.Closed;
        _credentials?.Dispose();
    }

    private TurnInput Receive(bool isData)
    {
        DatagramsDropped += isData ? 0 : 1;
        return isData ? TurnInput.Data : TurnInput.Handled;
    }

    private void HandleResponse(TurnRequest request, scoped in StunMessageView response, Instant now)
    {
        if (response.Method != request.Method || !IsAcceptable(request, response))
        {
            DatagramsDropped++;
            return;
        }

        _requests.Take(request.Id);
        if (response.Class == StunClass.SuccessResponse)
        {
            OnSucceeded(request, response, now);
            return;
        }

        var error = TurnError.From(response);
        if (error.Kind == TurnErrorKind.Unauthorized && _credentials is { } credentials)
        {
            switch (credentials.HandleChallenge(response, request.IsAuthenticated))
            {
                case StunLongTermCredentials.Outcome.Retry:
                    Start(request, now);
                    return;
                case StunLongTermCredentials.Outcome.Unusable:
                    error = error with { Kind = TurnErrorKind.BadAnswer };
                    break;
            }
        }

        OnFailed(request, error, now);
    }

    // Deviation: RFC 8489 9.2.5 drops an error without integrity; here it counts, because servers leave it out where no key is
    // found. Whoever forges one must know the transaction id, and whoever sees that can withhold the answer as well.
    private bool IsAcceptable(TurnRequest request, scoped in StunMessageView response)
    {
        if (!request.IsAuthenticated)
        {
            return true;
        }

        var hasIntegrity = response.HasMessageIntegrity || response.HasMessageIntegritySha256;
        return response.Class == StunClass.ErrorResponse && !hasIntegrity
            || _credentials!.Verify(response)
            || (response.TryGetErrorCode(out var code, out _) && code is StunErrorCode.Unauthenticated or StunErrorCode.StaleNonce);
    }

    private void OnSucceeded(TurnRequest request, scoped in StunMessageView response, Instant now)
    {
        switch (request.Method)
        {
            case StunMethod.Allocate:
                OnAllocated(response, now);
                break;
            case StunMethod.Refresh when request.IsFinal:
                OnClosed();
                break;
            case StunMethod.Refresh when State == TurnClientState.Allocated:
                ScheduleRefresh(response, now);
                break;
            case StunMethod.CreatePermission:
                _upkeep.OnPermitted(request.Peer!, now);
                break;
            case StunMethod.ChannelBind:
                _upkeep.OnBound(request.Peer!, now);
                break;
        }
    }

    private void OnAllocated(scoped in StunMessageView response, Instant now)
    {
        foreach (var attribute in response.Attributes)
        {
            if (attribute.Type == StunAttributeType.XorRelayedAddress
                && response.TryReadXorAddress(attribute, out var relayed)
                && TurnPeerAddress.TryCanonicalize(relayed, out _))
            {
                (RelayedAddress4, RelayedAddress6) = relayed.IsIPv4 ? (relayed, RelayedAddress6) : (RelayedAddress4, relayed);
            }
        }

        if (RelayedAddress4.IsNone && RelayedAddress6.IsNone)
        {
            Fail(new TurnError(TurnErrorKind.BadAnswer));
            return;
        }

        if (response.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var mapped))
        {
            MappedAddress = mapped;
        }

        ScheduleRefresh(response, now);
        TransitionTo(TurnClientState.Allocated);
        _events.Enqueue(new TurnClientEvent(TurnClientEventKind.Allocated));
    }

    private void ScheduleRefresh(scoped in StunMessageView response, Instant now)
    {
        var lifetime = response.TryGetUInt32(StunAttributeType.Lifetime, out var seconds) ? TimeSpan.FromSeconds(seconds) : DefaultLifetime;

        // RFC 8656 8: a minute before it ends; a lifetime that is shorter than the RFC allows is refreshed at half time.
        _refreshAt = now + (lifetime >= 2 * RefreshMargin ? lifetime - RefreshMargin : TimeSpan.FromSeconds(Math.Max(1, lifetime.TotalSeconds / 2)));
    }

    private void OnFailed(TurnRequest request, TurnError error, Instant now)
    {
        switch (request.Method)
        {
            case StunMethod.Allocate when error.Kind == TurnErrorKind.AddressFamilyNotSupported && _options.Family is null && _family is null:
                // A server without IPv4.
                _family = TurnAddressFamily.IPv6;
                Start(request, now);
                break;
            case StunMethod.Refresh when request.IsFinal:
                OnClosed();
                break;
            case StunMethod.CreatePermission or StunMethod.ChannelBind when error.Kind != TurnErrorKind.AllocationMismatch:
                _upkeep.OnFailed(request, error, now);
                break;
            default:
                Fail(error);
                break;
        }
    }

    private void Start(TurnRequest request, Instant now) => _requests.Start(request, _credentials is { IsChallenged: true }, now);

    private void Fail(TurnError error)
    {
        Log.TurnFailed(_logger, error.Kind, (int)error.Code);
        Release();
        TransitionTo(TurnClientState.Failed);
        _events.Enqueue(new TurnClientEvent(TurnClientEventKind.Failed, Error: error));
    }

    private void OnClosed()
    {
        Release();
        TransitionTo(TurnClientState.Closed);
        _events.Enqueue(new TurnClientEvent(TurnClientEventKind.Closed));
    }

    private void Release()
    {
        _requests.Clear();
        _upkeep.Clear();
        _refreshAt = null;
    }

    private void TransitionTo(TurnClientState state)
    {
        Debug.Assert(State != state, "A state is entered once.");
        Log.TurnStateChanged(_logger, State, state);
        State = state;
    }
}
