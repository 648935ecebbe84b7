using System.Collections.Immutable;
using WebRtcCore.Primitives;
using WebRtcCore.Session;
using WebRtcCore.Stun;
using WebRtcCore.Transport;

namespace WebRtcCore;

/// <summary>What a server's loop drives: hands the relay what comes from clients and peers, and sends what it answers and relays.</summary>
internal sealed class TurnServerLoop : IConnectionLoopHandler, ITransmitTarget, IDisposable
{
    private const int MaxDatagram = 2048;

    private readonly TurnRelay _relay;
    private readonly TurnRelayPorts _ports;
    private readonly TurnStreams _streams;
    private readonly TransmitBatch _batch;
    private readonly Lock _statisticsGate = new();
    private ImmutableArray<UdpEndpoint> _listening = [];
    private TurnRelayStatistics _statistics;

    public TurnServerLoop(TurnRelay relay, TurnRelayPorts ports, TurnStreams streams)
    {
        _relay = relay;
        _ports = ports;
        _streams = streams;
        _batch = new TransmitBatch(this, MaxDatagram + TurnIndication.MaxOverhead + 3);
    }

    /// <summary>How all sockets of a server are.</summary>
    public static UdpEndpointOptions EndpointOptions { get; } = new() { MaxDatagramSize = MaxDatagram };

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

    public void Send(ReadOnlySpan<byte> datagrams, int segmentSize, in NetworkPath path)
    {
        if (path.Protocol != TransportProtocol.Udp)
        {
            _streams.Send(datagrams, path);
        }
        else if ((FindListening(path.Local) ?? _ports.Find(path.Local)) is { } endpoint)
        {
            endpoint.SendBatch(datagrams, segmentSize, path.Remote);
        }
    }

    /// <summary>A server cuts nothing by itself and asks nothing: what it relays leaves like everything else.</summary>
    public void SendAlone(ReadOnlySpan<byte> datagram, TransmitKind kind, in NetworkPath path) => Send(datagram, datagram.Length, path);

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
