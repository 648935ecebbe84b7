using System.Collections.Immutable;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Transport;

namespace WebRtcCore;

/// <summary>What a server's loop drives: hands the relay what comes from clients and peers, and sends what it answers and relays.</summary>
internal sealed class TurnServerLoop : IConnectionLoopHandler, IDisposable
{
    /// <summary>The longest datagram taken, in bytes; longer ones are dropped.</summary>
    public const int MaxDatagram = 2048;

    private readonly TurnRelay _relay;
    private readonly TurnRelayPorts _ports;
    private readonly RelayBatch _batch;
    private readonly Lock _statisticsGate = new();
    private ImmutableArray<UdpEndpoint> _listening = [];
    private TurnRelayStatistics _statistics;

    public TurnServerLoop(TurnRelay relay, TurnRelayPorts ports, TurnStreams streams)
    {
        _relay = relay;
        _ports = ports;
        _batch = new RelayBatch(address => FindListening(address) ?? _ports.Find(address), streams, MaxDatagram + TurnIndication.MaxOverhead + 3);
    }

    /// <summary>How the sockets are that clients send to.</summary>
    public static UdpEndpointOptions EndpointOptions { get; } = new() { MaxDatagramSize = MaxDatagram };

    /// <summary>How the sockets of relayed addresses are: one for each allocation, so with less room in the kernel.</summary>
    public static UdpEndpointOptions RelayEndpointOptions { get; } = new() { MaxDatagramSize = MaxDatagram, SocketBufferSize = 512 * 1024 };

    public Instant? NextTimeout => _relay.NextTimeout;

    public TurnRelayStatistics Statistics
    {
        get
        {
            lock (_statisticsGate)
            {
                return _statistics;
            }
        }
    }

    /// <summary>Names a socket that clients send to; before it receives.</summary>
    public void AddListening(UdpEndpoint endpoint) => _listening = _listening.Add(endpoint);

    public void OnDatagram(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        var room = _batch.Next();
        var hasData = path.Protocol != TransportProtocol.Udp || FindListening(path.Local) is not null
            ? _relay.HandleClient(datagram, path, now, room, out var transmit)
            : _relay.HandlePeer(datagram, path with { Local = _ports.ToPublic(path.Local) }, now, room, out transmit);
        if (hasData)
        {
            _batch.Add(transmit);
        }
    }

    /// <summary>A client's stream has ended.</summary>
    public void OnStreamEnd(in NetworkPath path) => _relay.HandleClientGone(path);

    public void OnTimeout(Instant now) => _relay.HandleTimeout(now);

    public void Flush(Instant now)
    {
        while (_relay.TryPollTransmit(_batch.Next(), out var transmit))
        {
            _batch.Add(transmit);
        }

        _batch.Flush();
        lock (_statisticsGate)
        {
            _statistics = _relay.Statistics;
        }
    }

    public void Dispose() => _relay.Dispose();

    private UdpEndpoint? FindListening(in TransportAddress address)
    {
        foreach (var endpoint in _listening)
        {
            if (endpoint.LocalAddress == address)
            {
                return endpoint;
            }
        }

        return null;
    }
}
