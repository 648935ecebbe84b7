using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Transport.Sharing;

namespace WebRtcCore;

/// <summary>
/// Makes connections that share a configuration, options, a certificate and, if wanted, one port. Use one for a server with many connections. Thread-safe.
/// </summary>
public sealed class PeerConnectionFactory : IAsyncDisposable
{
    private readonly HashSet<PeerConnection> _connections = [];
    private readonly bool _ownsCertificate;
    private readonly SharedPorts? _ports;
    private readonly PeerConnectionOptions _connectionOptions;
    private bool _disposed;

    /// <summary>Creates a factory.</summary>
    /// <param name="configuration">W3C's configuration of every connection, or <see langword="null"/> for the defaults.</param>
    /// <param name="options">Options of every connection, or <see langword="null"/> for the defaults.</param>
    public PeerConnectionFactory(PeerConnectionConfiguration? configuration = null, PeerConnectionOptions? options = null)
        : this(configuration, options, null)
    {
    }

    /// <summary>Creates a factory whose connections share a port; it is bound at once.</summary>
    /// <param name="configuration">W3C's configuration of every connection, or <see langword="null"/> for the defaults.</param>
    /// <param name="options">Options of every connection, or <see langword="null"/> for the defaults.</param>
    /// <param name="factoryOptions">What the connections share, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="SocketException">The port could be bound on none of the addresses.</exception>
    public PeerConnectionFactory(PeerConnectionConfiguration? configuration, PeerConnectionOptions? options, PeerConnectionFactoryOptions? factoryOptions)
    {
        configuration ??= new PeerConnectionConfiguration();
        Options = options ?? PeerConnectionOptions.Default;
        factoryOptions ??= PeerConnectionFactoryOptions.Default;
        factoryOptions.Validate();
        _ports = factoryOptions.UdpPort is not null || factoryOptions.TcpPort is not null
            ? new SharedPorts(Options, factoryOptions, (Options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("WebRtcCore"))
            : null;
        _connectionOptions = Options with { SharedPorts = _ports };
        _ownsCertificate = configuration.Certificates.Count == 0;
        Configuration = _ownsCertificate ? configuration with { Certificates = [PeerConnection.MakeCertificate(Options.TimeProvider)] } : configuration;
    }

    /// <summary>The configuration of every connection, certificate included.</summary>
    public PeerConnectionConfiguration Configuration { get; }

    /// <summary>The options of every connection.</summary>
    public PeerConnectionOptions Options { get; }

    /// <summary>The addresses of the shared UDP port that are bound; empty if <see cref="PeerConnectionFactoryOptions.UdpPort"/> is not set.</summary>
    public IReadOnlyList<IPEndPoint> UdpEndPoints => _ports?.UdpEndPoints ?? [];

    /// <summary>The addresses of the shared TCP port that are bound; empty if <see cref="PeerConnectionFactoryOptions.TcpPort"/> is not set.</summary>
    public IReadOnlyList<IPEndPoint> TcpEndPoints => _ports?.TcpEndPoints ?? [];

    /// <summary>The ports, for measurements.</summary>
    internal SharedPorts? Ports => _ports;

    /// <summary>Creates a connection; dispose of it as usual, or let the factory do it.</summary>
    /// <exception cref="ObjectDisposedException">The factory has been disposed.</exception>
    public PeerConnection CreatePeerConnection()
    {
        lock (_connections)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _connections.RemoveWhere(connection => connection.IsClosed);
            var connection = new PeerConnection(Configuration, _connectionOptions);
            _connections.Add(connection);
            return connection;
        }
    }

    /// <summary>Closes all its connections and waits for them.</summary>
    public async ValueTask DisposeAsync()
    {
        PeerConnection[] connections;
        lock (_connections)
        {
            _disposed = true;
            connections = [.. _connections];
            _connections.Clear();
        }

        foreach (var connection in connections)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        if (_ports is not null)
        {
            await _ports.DisposeAsync().ConfigureAwait(false);
        }

        if (_ownsCertificate)
        {
            Configuration.Certificates[0].Dispose();
        }
    }
}
