using WebRtcCore.Primitives;

namespace WebRtcCore.Testing;

/// <summary>
/// Byte streams on the virtual network, as the drivers show them to a core: whole messages that arrive in order, late instead of lost. A firewall that forbids one
/// says nothing: the stream never opens.
/// </summary>
public sealed class VirtualStreams
{
    private const int FirstPort = 20_000;
    private const int MaxRepetitions = 12;

    // The shortest retransmission timeout of common TCP stacks.
    private static readonly TimeSpan MinRetransmission = TimeSpan.FromMilliseconds(200);

    private readonly VirtualNetwork _network;
    private readonly Dictionary<(TransportAddress Local, TransportAddress Remote), End> _ends = [];
    private int _nextPort = FirstPort;

    internal VirtualStreams(VirtualNetwork network) => _network = network;

    /// <summary>Opens a stream from a host to a bound address.</summary>
    /// <param name="host">The client.</param>
    /// <param name="remote">The server.</param>
    /// <param name="isTls">Whether TLS is negotiated, which costs another round trip (RFC 8446).</param>
    /// <param name="opened">Told the local address once the stream is open.</param>
    public void Open(VirtualHost host, TransportAddress remote, bool isTls, Action<TransportAddress> opened)
    {
        var inside = host.Addresses[0].WithPort(_nextPort++);
        var (source, destination) = (inside, remote);
        if (!host.Firewall.AllowsTcpTo(remote.Port) || !_network.TryTranslate(host, ref source, ref destination, out var server))
        {
            return;
        }

        var client = new End(host, new NetworkPath(inside, remote, TransportProtocol.Tcp), _network.MakeLink(server, host));
        var peer = new End(server, new NetworkPath(destination, source, TransportProtocol.Tcp), _network.MakeLink(host, server));
        _ends[(inside, remote)] = peer;
        _ends[(destination, source)] = client;
        if (Handshake(client, peer, isTls ? 2 : 1) is { } at)
        {
            _network.ScheduleAt(at, () => opened(inside));
        }
    }

    internal void Send(VirtualHost host, in NetworkPath path, ReadOnlySpan<byte> bytes)
    {
        if (!_ends.TryGetValue((path.Local, path.Remote), out var to))
        {
            throw new InvalidOperationException($"{host} sends on a stream that is not open.");
        }

        if (to.Carry(bytes.Length, _network.Now) is { } at)
        {
            _network.DeliverAt(at, to.Host, to.Path, bytes.ToArray());
        }
    }

    private Instant? Handshake(End client, End server, int roundTrips)
    {
        Instant? at = _network.Now;
        for (var i = 0; i < roundTrips && at is not null; i++)
        {
            at = server.Carry(length: 60, at.Value);
            at = at is { } arrived ? client.Carry(length: 60, arrived) : null;
        }

        return at;
    }

    /// <summary>One end of a stream, and the way to it.</summary>
    private sealed class End(VirtualHost host, NetworkPath path, VirtualLink link)
    {
        private Instant _last;

        public VirtualHost Host { get; } = host;

        public NetworkPath Path { get; } = path;

        public Instant? Carry(int length, Instant now)
        {
            var timeout = MinRetransmission + (2 * link.Conditions.Delay);
            for (var i = 0; i < MaxRepetitions; i++)
            {
                if (link.TryCarry(length, TransmitKind.MayFragment, now, out var arrival, out _))
                {
                    return _last = Instant.Max(arrival, _last);
                }

                now += timeout;
                timeout *= 2;
            }

            return null;
        }
    }
}
