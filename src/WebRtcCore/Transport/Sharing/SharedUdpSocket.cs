using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using WebRtcCore.Diagnostics;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Transport.Sharing;

/// <summary>
/// One local address and port that many connections share. What comes in finds its connection: a check by the fragment that it names, an answer by its
/// transaction, everything else by where it comes from, once the agent of a connection has taken that for its peer. What finds none is dropped and
/// counted, and nothing is ever said to it.
/// <para>
/// Connections take their turns elsewhere: their datagrams are copied into their inboxes, so that one that is slow holds up no other.
/// </para>
/// </summary>
/// <remarks>
/// A check goes by its fragment even if its source belongs to another connection: the same remote port may be used again for a new connection. Who guesses
/// or overhears a fragment gains nothing: the agent drops what does not carry the password.
/// </remarks>
internal sealed class SharedUdpSocket : IDatagramSink, IAsyncDisposable
{
    private readonly UdpEndpoint[] _endpoints;
    private readonly Lock _sendingAlone = new();
    private int _attached;
    private long _strangers;

    private SharedUdpSocket(UdpEndpoint[] endpoints, TimeProvider timeProvider)
    {
        _endpoints = endpoints;
        Addresses = new RemoteAddressTable<SharedPortSocket>(timeProvider);
    }

    /// <summary>The address with its port.</summary>
    public TransportAddress LocalAddress => _endpoints[0].LocalAddress;

    /// <summary>Connections that use the port.</summary>
    public int Attached => Volatile.Read(ref _attached);

    /// <summary>Datagrams that were for nobody.</summary>
    public long StrangersDropped => Volatile.Read(ref _strangers);

    /// <summary>Datagrams sent.</summary>
    public long DatagramsSent => _endpoints.Sum(static endpoint => endpoint.DatagramsSent);

    /// <summary>Whose checks name which local fragment.</summary>
    internal ConcurrentDictionary<UfragKey, SharedPortSocket> Fragments { get; } = new();

    /// <summary>Who waits for which answer.</summary>
    internal ConcurrentDictionary<StunTransactionId, SharedPortSocket> Transactions { get; } = new();

    /// <summary>Whose peers are where.</summary>
    internal RemoteAddressTable<SharedPortSocket> Addresses { get; }

    /// <summary>Binds and begins to receive.</summary>
    /// <param name="local">The address; port 0 takes a free one.</param>
    /// <param name="sockets">How many sockets to bind to it, where the system spreads peers over several.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <returns><see langword="null"/> if the address cannot be bound.</returns>
    public static SharedUdpSocket? TryBind(TransportAddress local, int sockets, TimeProvider timeProvider, ILogger logger)
    {
        sockets = UdpEndpoint.CanSharePort ? sockets : 1;
        var options = UdpEndpointOptions.Default with { SharesPort = sockets > 1, AddressSlots = UdpEndpointOptions.SharedAddressSlots };
        var endpoints = new List<UdpEndpoint>();
        while (endpoints.Count < sockets && UdpEndpoint.TryBind(local, options, timeProvider, logger) is { } endpoint)
        {
            endpoints.Add(endpoint);
            local = endpoint.LocalAddress;
        }

        if (endpoints.Count == 0)
        {
            return null;
        }

        var shared = new SharedUdpSocket([.. endpoints], timeProvider);
        foreach (var endpoint in endpoints)
        {
            endpoint.Start(shared);
        }

        return shared;
    }

    /// <summary>Makes a connection's share; it is to be given its fragments.</summary>
    public SharedPortSocket Attach()
    {
        Interlocked.Increment(ref _attached);
        return new SharedPortSocket(this);
    }

    /// <summary>Sends one datagram.</summary>
    public bool Send(ReadOnlySpan<byte> datagram, in TransportAddress remote) => EndpointFor(remote).Send(datagram, remote);

    /// <summary>Sends datagrams that lie side by side.</summary>
    /// <param name="datagrams">The datagrams.</param>
    /// <param name="segmentSize">The size of each but the last.</param>
    /// <param name="remote">Where to.</param>
    /// <param name="isTooLarge">Whether the system has cut them, as far as one sender among many can tell.</param>
    public int SendBatch(ReadOnlySpan<byte> datagrams, int segmentSize, in TransportAddress remote, out bool isTooLarge)
    {
        var endpoint = EndpointFor(remote);
        var sent = endpoint.SendBatch(datagrams, segmentSize, remote);
        isTooLarge = endpoint.TakeTooLarge();
        return sent;
    }

    /// <summary>Sends one datagram that must not, or may, be cut. What others send at that moment may be treated alike, which does them no harm.</summary>
    public SendOutcome SendAlone(ReadOnlySpan<byte> datagram, TransmitKind kind, in TransportAddress remote)
    {
        lock (_sendingAlone)
        {
            return EndpointFor(remote).SendAlone(datagram, kind, remote);
        }
    }

    /// <summary>Closes the sockets and waits until nobody is given anything any more.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var endpoint in _endpoints)
        {
            await endpoint.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void OnDatagram(Span<byte> datagram, in NetworkPath path)
    {
        if (Find(datagram, path.Remote)?.Sink is { } sink)
        {
            sink.OnDatagram(datagram, path);
            return;
        }

        Interlocked.Increment(ref _strangers);
        RtcMeter.Dropped(DropReason.UnknownSource);
    }

    /// <inheritdoc/>
    public void OnBatchEnd()
    {
        // Whoever got something has been woken when it was put into the inbox.
    }

    /// <summary>A connection has left.</summary>
    internal void OnDetached() => Interlocked.Decrement(ref _attached);

    private SharedPortSocket? Find(ReadOnlySpan<byte> datagram, in TransportAddress remote)
    {
        if (!StunMessageView.LooksLikeStun(datagram))
        {
            return Addresses.Find(remote);
        }

        if (!StunMessageView.TryParse(datagram, out var message))
        {
            return null;
        }

        switch (message.Class)
        {
            case StunClass.Request:
                return message.TryGetAttribute(StunAttributeType.Username, out var username) && UfragKey.TryRead(username, out var key) ? Fragments.GetValueOrDefault(key) : null;
            case StunClass.SuccessResponse or StunClass.ErrorResponse:
                return Transactions.TryGetValue(message.TransactionId, out var asking) ? asking : Addresses.Find(remote);
            default:
                return Addresses.Find(remote);
        }
    }

    private UdpEndpoint EndpointFor(in TransportAddress remote) =>
        _endpoints.Length == 1 ? _endpoints[0] : _endpoints[(uint)remote.GetHashCode() % (uint)_endpoints.Length];
}
