using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Transport;

namespace WebRtcCore;

/// <summary>
/// A STUN and TURN server (RFC 8489, 8656) over UDP, TCP and TLS, in this process. One logical loop; on Linux one thread that receives for all sockets, many
/// datagrams per system call, elsewhere none of its own. Every member may be used from any thread.
/// </summary>
public sealed class TurnServer : IAsyncDisposable
{
    private const int InboxCapacity = 16_384;
    private readonly List<UdpEndpoint> _endpoints = [];
    private readonly List<TurnStreamListener> _listeners = [];
    private readonly TurnServerLoop _handler;
    private readonly ConnectionLoop _loop;
    private readonly TurnStreams _streams;
    private readonly TurnRelayPorts _ports;
    private readonly DatagramReceiver _receiver;
    private readonly TurnServerMeter _meter;
    private int _isDisposed;

    private TurnServer(TurnServerOptions options, ITurnCredentialStore users, IReadOnlyList<TransportAddress> relayAddresses, ILogger logger)
    {
        var clock = new MonotonicClock(options.TimeProvider);
        _streams = new TurnStreams(options, logger);
        _ports = new TurnRelayPorts(options, relayAddresses, logger);
        _handler = new TurnServerLoop(new TurnRelay(options.Relay, users, _ports, SystemRandomSource.Instance, logger), _ports, _streams);
        _loop = new ConnectionLoop(_handler, clock, logger, InboxCapacity);
        _streams.Attach(_loop, _handler);
        _receiver = new DatagramReceiver(_loop, TurnServerLoop.MaxDatagram);
        _ports.Attach(_receiver);
        _meter = new TurnServerMeter(() => Statistics);
    }

    /// <summary>Where UDP and TCP are served.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _endpoints.Select(e => e.LocalAddress.ToIPEndPoint())];

    /// <summary>Where TLS is served.</summary>
    public IReadOnlyList<IPEndPoint> TlsEndPoints => [.. _listeners.Where(l => l.IsTls).Select(l => l.LocalAddress.ToIPEndPoint())];

    /// <summary>Figures as of the last turn of its loop.</summary>
    public TurnRelayStatistics Statistics => _handler.Statistics;

    /// <summary>Starts a server.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="users">Its users; called on its loop.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="SocketException">None of the addresses can be listened on.</exception>
    public static TurnServer Start(TurnServerOptions options, ITurnCredentialStore users)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(users);
        options.Validate();
        var logger = options.LoggerFactory?.CreateLogger<TurnServer>() ?? NullLogger<TurnServer>.Instance;
        var listen = Resolve(options.ListenAddresses);
        var server = new TurnServer(options, users, options.RelayAddresses is { } relay ? Resolve(relay) : listen, logger);
        foreach (var address in listen)
        {
            server.Listen(address, options, logger);
        }

        return server._endpoints.Count > 0 ? server : throw new SocketException((int)SocketError.AddressNotAvailable);
    }

    /// <summary>Ends every allocation, closes everything and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _meter.Dispose();
        foreach (var listener in _listeners)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var endpoint in _endpoints)
        {
            await _receiver.CloseAsync(endpoint).ConfigureAwait(false);
        }

        await _streams.DisposeAsync().ConfigureAwait(false);
        await _loop.InvokeAsync(_ => _handler.Dispose()).ConfigureAwait(false);
        await _loop.DisposeAsync().ConfigureAwait(false);
        await _ports.DisposeAsync().ConfigureAwait(false);
        await _receiver.DisposeAsync().ConfigureAwait(false);
    }

    private static IReadOnlyList<TransportAddress> Resolve(IReadOnlyList<IPAddress>? addresses) =>
        LocalAddresses.Select(new PeerConnectionOptions { LocalAddresses = addresses });

    private void Listen(TransportAddress address, TurnServerOptions options, ILogger logger)
    {
        if (UdpEndpoint.TryBind(address.WithPort(options.Port), TurnServerLoop.EndpointOptions, options.TimeProvider, logger) is not { } endpoint)
        {
            return;
        }

        _endpoints.Add(endpoint);
        _handler.AddListening(endpoint);
        _receiver.Start(endpoint);
        if (options.UseTcp && TurnStreamListener.TryStart(endpoint.LocalAddress, null, _streams, logger) is { } tcp)
        {
            _listeners.Add(tcp);
        }

        if (options.Certificate is { } certificate && TurnStreamListener.TryStart(address.WithPort(options.TlsPort), certificate, _streams, logger) is { } tls)
        {
            _listeners.Add(tls);
        }
    }
}
