namespace WebRtcCore;

/// <summary>
/// Makes connections that share a configuration, options and a certificate. Use one for a server with many connections. Thread-safe.
/// </summary>
public sealed class PeerConnectionFactory : IAsyncDisposable
{
    private readonly HashSet<PeerConnection> _connections = [];
    private readonly bool _ownsCertificate;
    private bool _disposed;

    /// <summary>Creates a factory.</summary>
    /// <param name="configuration">W3C's configuration of every connection, or <see langword="null"/> for the defaults.</param>
    /// <param name="options">Options of every connection, or <see langword="null"/> for the defaults.</param>
    public PeerConnectionFactory(PeerConnectionConfiguration? configuration = null, PeerConnectionOptions? options = null)
    {
        configuration ??= new PeerConnectionConfiguration();
        Options = options ?? PeerConnectionOptions.Default;
        _ownsCertificate = configuration.Certificates.Count == 0;
        Configuration = _ownsCertificate ? configuration with { Certificates = [PeerConnection.MakeCertificate(Options.TimeProvider)] } : configuration;
    }

    /// <summary>The configuration of every connection, certificate included.</summary>
    public PeerConnectionConfiguration Configuration { get; }

    /// <summary>The options of every connection.</summary>
    public PeerConnectionOptions Options { get; }

    /// <summary>Creates a connection; dispose of it as usual, or let the factory do it.</summary>
    /// <exception cref="ObjectDisposedException">The factory has been disposed.</exception>
    public PeerConnection CreatePeerConnection()
    {
        lock (_connections)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _connections.RemoveWhere(connection => connection.IsClosed);
            var connection = new PeerConnection(Configuration, Options);
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

        if (_ownsCertificate)
        {
            Configuration.Certificates[0].Dispose();
        }
    }
}
