using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;

namespace WebRtcCore.Stun;

/// <summary>
/// A STUN and TURN server (RFC 8489, 8656), sans-IO: it is told the time and handed what came from clients and peers; data it lays straight into the buffer that
/// leaves. Single-threaded. Nothing is relayed without an allocation, a permission and a peer that the rules allow.
/// </summary>
/// <remarks>
/// <code>
///  client -- request ----------> TurnRequestHandler -> answer (polled)
///  client -- ChannelData, Send -> relayed address -> peer       (in the same call)
///  peer   -- datagram ---------> ChannelData, Data -> client    (in the same call)
/// </code>
/// </remarks>
public sealed class TurnRelay : IDisposable
{
    private readonly TurnRelayOptions _options;
    private readonly IRandomSource _random;
    private readonly TurnAllocationTable _allocations;
    private readonly TurnAnswers _answers = new();
    private readonly TurnNonces _nonces;
    private readonly TurnRequestHandler _requests;
    private long _datagramsToPeers;
    private long _bytesToPeers;
    private long _datagramsToClients;
    private long _bytesToClients;
    private long _datagramsRefused;
    private long _datagramsOverLimit;

    /// <summary>Creates a server.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="store">Its users.</param>
    /// <param name="ports">Its relayed addresses.</param>
    /// <param name="random">For nonces and transaction ids.</param>
    /// <param name="logger">Where to log.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public TurnRelay(TurnRelayOptions options, ITurnCredentialStore store, ITurnRelayPorts ports, IRandomSource random, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(ports);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        _options = options;
        _random = random;
        _allocations = new TurnAllocationTable(options, ports);
        _nonces = new TurnNonces(random, options.NonceLifetime);
        var authentication = new TurnAuthentication(options, store, _nonces);
        var factory = new TurnAllocator(options, _allocations, ports, random);
        _requests = new TurnRequestHandler(options, _allocations, authentication, factory, _answers, logger ?? NullLogger.Instance);
    }

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; <see langword="null"/> if nothing is pending.</summary>
    public Instant? NextTimeout => _allocations.NextExpiry;

    /// <summary>Figures so far.</summary>
    public TurnRelayStatistics Statistics => new()
    {
        DatagramsToPeers = _datagramsToPeers,
        BytesToPeers = _bytesToPeers,
        DatagramsToClients = _datagramsToClients,
        BytesToClients = _bytesToClients,
        DatagramsRefused = _datagramsRefused,
        DatagramsOverLimit = _datagramsOverLimit,
        Allocations = _allocations.Count,
        AllocationsMade = _requests.AllocationsMade,
        RequestsRefused = _requests.Refused,
        Challenges = _requests.Challenges,
    };

    /// <summary>
    /// Takes what came from a client: a datagram, or a frame of its stream. An answer is polled; data for a peer is laid into <paramref name="destination"/> at
    /// once. Allocates nothing for data.
    /// </summary>
    /// <param name="datagram">Borrowed.</param>
    /// <param name="path">From which address of the server to which client.</param>
    /// <param name="now">The present.</param>
    /// <param name="destination">Room for the data: no longer than <paramref name="datagram"/>.</param>
    /// <param name="transmit">Its length; from which relayed address to which peer.</param>
    /// <returns>Whether there is something to relay.</returns>
    public bool HandleClient(ReadOnlySpan<byte> datagram, in NetworkPath path, Instant now, Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (TurnChannelData.LooksLikeChannelData(datagram))
        {
            return TurnChannelData.TryParse(datagram, out var channel, out var length)
                && _allocations.Find(path) is { } allocation
                && allocation.TryGet(channel, now, out var binding)
                ? RelayToPeer(allocation, binding.Peer, datagram.Slice(TurnChannelData.HeaderLength, length), now, destination, out transmit)
                : Refuse();
        }

        if (!StunMessageView.TryParse(datagram, out var message))
        {
            return Refuse();
        }

        switch (message.Class)
        {
            case StunClass.Request:
                _requests.Handle(message, path, now);
                return false;
            case StunClass.Indication when message.Method == StunMethod.Send:
                return CanSend(message)
                    && TurnIndication.TryRead(message, out var peer, out var data)
                    && _allocations.Find(path) is { } allocation
                    ? RelayToPeer(allocation, peer, data, now, destination, out transmit)
                    : Refuse();
            default:
                // Binding indications keep NAT bindings alive and want nothing.
                return false;
        }
    }

    /// <summary>Takes what came from a peer at a relayed address, and wraps it for the client. Allocates nothing.</summary>
    /// <param name="data">Borrowed.</param>
    /// <param name="path">From which relayed address to which peer.</param>
    /// <param name="now">The present.</param>
    /// <param name="destination">Room for the data, <see cref="TurnIndication.MaxOverhead"/> and three bytes.</param>
    /// <param name="transmit">Its length; from which address of the server to which client.</param>
    /// <returns>Whether there is something to relay.</returns>
    public bool HandlePeer(ReadOnlySpan<byte> data, in NetworkPath path, Instant now, Span<byte> destination, out Transmit transmit)
    {
        transmit = default;

        // RFC 8656 11.3: only from addresses that the client has permitted, whatever the port.
        if (_allocations.FindRelayed(path.Local) is not { } allocation
            || !TurnPeerAddress.TryCanonicalize(path.Remote, out var peer)
            || !allocation.IsPermitted(peer, now)
            || allocation.ExpiresAt <= now)
        {
            return Refuse();
        }

        if (!allocation.TryTakeToClient(data.Length, now))
        {
            _datagramsOverLimit++;
            return false;
        }

        int length;
        if (allocation.TryGetChannel(peer, now, out var binding))
        {
            data.CopyTo(destination[TurnChannelData.HeaderLength..]);
            length = TurnChannelData.Complete(destination, binding.Channel, data.Length, isPadded: allocation.Client.Protocol != TransportProtocol.Udp);
        }
        else
        {
            data.CopyTo(destination[TurnIndication.GetDataOffset(peer)..]);
            length = TurnIndication.Complete(destination, StunMethod.Data, StunTransactionId.Create(_random), peer, data.Length);
        }

        _datagramsToClients++;
        _bytesToClients += data.Length;
        transmit = new Transmit(length, allocation.Client);
        return true;
    }

    /// <summary>A client's stream has ended: its allocation ends with it (RFC 8656, 3.1).</summary>
    public void HandleClientGone(in NetworkPath path)
    {
        if (_allocations.Find(path) is { } allocation)
        {
            _allocations.Remove(allocation);
        }
    }

    /// <summary>Says that <see cref="NextTimeout"/> has been reached.</summary>
    public void HandleTimeout(Instant now) => _allocations.RemoveExpired(now);

    /// <summary>Writes the next answer to a client.</summary>
    /// <param name="destination">At least 1200 bytes.</param>
    /// <param name="transmit">Its length and path.</param>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit) => _answers.TryTake(destination, out transmit);

    /// <summary>Ends every allocation and closes its addresses.</summary>
    public void Dispose()
    {
        _allocations.Clear();
        _nonces.Dispose();
    }

    // RFC 8656 11.2: an indication that must not be fragmented cannot be served, and one with unknown attributes is dropped.
    private static bool CanSend(scoped in StunMessageView indication)
    {
        Span<ushort> unknown = stackalloc ushort[1];
        return !indication.HasAttribute(StunAttributeType.DontFragment) && indication.GetUnknownRequired(unknown) == 0;
    }

    private bool RelayToPeer(TurnAllocation allocation, TransportAddress peer, ReadOnlySpan<byte> data, Instant now, Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (!allocation.IsPermitted(peer, now) || allocation.ExpiresAt <= now || !allocation.HasFamilyOf(peer) || !_options.PeerRules.Allows(peer))
        {
            return Refuse();
        }

        if (!allocation.TryTakeToPeers(data.Length, now))
        {
            _datagramsOverLimit++;
            return false;
        }

        data.CopyTo(destination);
        _datagramsToPeers++;
        _bytesToPeers += data.Length;
        transmit = new Transmit(data.Length, new NetworkPath(allocation.GetRelayed(peer), peer));
        return true;
    }

    private bool Refuse()
    {
        _datagramsRefused++;
        return false;
    }
}
