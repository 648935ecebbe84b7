using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Testing;

/// <summary>
/// The TURN server of this repository on the virtual network. Its relayed addresses are bound beforehand: add it to the network with <see cref="Addresses"/>.
/// </summary>
public sealed class TurnRelayNode : IVirtualNode, ITurnRelayPorts, ITurnCredentialStore
{
    /// <summary>The port where clients ask over TLS; TCP comes to that of <see cref="Address"/>.</summary>
    public const int TlsPort = 443;

    private const int FirstPort = 49_152;
    private readonly Queue<(byte[] Bytes, NetworkPath Path)> _relayed = new();
    private readonly byte[] _buffer = new byte[2000];
    private readonly HashSet<TransportAddress> _open = [];
    private readonly TransportAddress _address6;
    private readonly int _ports;

    /// <summary>Creates a server with <paramref name="ports"/> relayed addresses on its IP address and, if given, on an IPv6 address too.</summary>
    public TurnRelayNode(TransportAddress address, TransportAddress address6 = default, TurnRelayOptions? options = null, int ports = 8, int seed = 7)
    {
        Address = address;
        _address6 = address6;
        _ports = ports;
        Relay = new TurnRelay(options ?? new TurnRelayOptions { Realm = "test.example" }, this, this, new SeededRandomSource(seed));
    }

    /// <summary>The core.</summary>
    public TurnRelay Relay { get; }

    /// <summary>Where clients ask.</summary>
    public TransportAddress Address { get; }

    /// <summary>What to bind.</summary>
    public TransportAddress[] Addresses =>
        [Address, Address.WithPort(TlsPort), .. Range(Address), .. _address6.IsNone ? [] : Range(_address6)];

    /// <summary>The passwords by user name.</summary>
    public Dictionary<string, string> Users { get; } = new() { ["alice"] = "secret" };

    /// <summary>Relayed addresses that are open.</summary>
    public IReadOnlyCollection<TransportAddress> Open => _open;

    /// <inheritdoc/>
    public Instant? NextTimeout => Relay.NextTimeout;

    /// <inheritdoc/>
    public void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        var hasData = path.Local == Address || path.Protocol == TransportProtocol.Tcp
            ? Relay.HandleClient(datagram, path, now, _buffer, out var transmit)
            : _open.Contains(path.Local) & Relay.HandlePeer(datagram, path, now, _buffer, out transmit);
        if (hasData)
        {
            _relayed.Enqueue((_buffer[..transmit.Length], transmit.Path!.Value));
        }
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now) => Relay.HandleTimeout(now);

    /// <inheritdoc/>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        if (Relay.TryPollTransmit(destination, out transmit))
        {
            return true;
        }

        if (!_relayed.TryDequeue(out var next))
        {
            return false;
        }

        next.Bytes.CopyTo(destination);
        transmit = new Transmit(next.Bytes.Length, next.Path);
        return true;
    }

    /// <inheritdoc/>
    public string? FindPassword(string username) => Users.GetValueOrDefault(username);

    /// <inheritdoc/>
    public TurnPortResult TryOpen(TurnAddressFamily family, TurnPortParity parity, out TransportAddress address)
    {
        var own = family == TurnAddressFamily.IPv4 == Address.IsIPv4 ? Address : _address6;
        address = own.IsNone ? default : Range(own).FirstOrDefault(a => !_open.Contains(a) && (parity == TurnPortParity.Any || a.Port % 2 == 0));
        return own.IsNone ? TurnPortResult.NoSuchFamily : !address.IsNone && _open.Add(address) ? TurnPortResult.Opened : TurnPortResult.NoPortLeft;
    }

    /// <inheritdoc/>
    public bool TryOpen(TransportAddress address) => Addresses.Contains(address) && _open.Add(address);

    /// <inheritdoc/>
    public void Close(TransportAddress address) => _open.Remove(address);

    private IEnumerable<TransportAddress> Range(TransportAddress address) => Enumerable.Range(FirstPort, _ports).Select(address.WithPort);
}
