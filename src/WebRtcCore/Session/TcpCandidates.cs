using System.Collections.Concurrent;
using System.Collections.Immutable;
using WebRtcCore.Ice;
using WebRtcCore.Primitives;
using WebRtcCore.Transport;
using WebRtcCore.Transport.IceTcp;
using WebRtcCore.Transport.Sharing;

namespace WebRtcCore.Session;

/// <summary>What one connection has of TCP candidates (RFC 6544): the ports that it listens on, its own or those of the factory, and the connections to the peer.</summary>
internal sealed class TcpCandidates : IAsyncDisposable
{
    private readonly ConnectionContext _context;
    private readonly IceTcpMode _mode;
    private readonly ConcurrentDictionary<UfragKey, CandidateStreams> _ownFragments = new();
    private readonly Queue<UfragKey> _fragments = new();
    private ImmutableArray<CandidateListener> _listeners = [];
    private bool _isDisposed;

    /// <summary>Makes it; nothing is bound yet.</summary>
    /// <param name="context">The options and the lock.</param>
    /// <param name="sink">Where packets go.</param>
    /// <param name="agent">Does something with the agent on the loop, in the order of the calls.</param>
    public TcpCandidates(ConnectionContext context, IDatagramSink sink, Action<Action<IceAgent, Instant>> agent)
    {
        _context = context;
        _mode = context.Options.IceTcp;
        Streams = new CandidateStreams(sink, agent, context.Options.TimeProvider, context.Logger);
    }

    /// <summary>The connections to the peer.</summary>
    public CandidateStreams Streams { get; }

    private SharedPorts? SharedTcp => _context.Options.SharedPorts is { HasTcp: true } ports ? ports : null;

    private ConcurrentDictionary<UfragKey, CandidateStreams> Fragments => SharedTcp?.TcpFragments ?? _ownFragments;

    /// <summary>Begins to listen, and says what candidates there are. Addresses that cannot be bound are left out.</summary>
    public async Task<IceTcpHost[]> BindAsync()
    {
        var hosts = new List<IceTcpHost>();
        if (_mode == IceTcpMode.None && SharedTcp is null)
        {
            return [];
        }

        foreach (var address in LocalAddresses.Select(_context.Options))
        {
            if (_mode.HasFlag(IceTcpMode.Active))
            {
                hosts.Add(new IceTcpHost(address.WithPort(IceTcpStreams.ActivePort), IceTcpType.Active));
            }

            if (SharedTcp is { } shared)
            {
                if (shared.FindTcp(address) is { } local)
                {
                    hosts.Add(new IceTcpHost(local, IceTcpType.Passive));
                }
            }
            else if (_mode.HasFlag(IceTcpMode.Passive) && await ListenAsync(address).ConfigureAwait(false) is { } listener)
            {
                hosts.Add(new IceTcpHost(listener.LocalAddress, IceTcpType.Passive));
            }
        }

        return [.. hosts];
    }

    /// <summary>Peers that connect and name this local user name fragment are for this connection. Any thread.</summary>
    public void AddFragment(string fragment)
    {
        if (_mode == IceTcpMode.None && SharedTcp is null)
        {
            return;
        }

        var key = UfragKey.Of(fragment);
        lock (_context.Gate)
        {
            if (_isDisposed || !Fragments.TryAdd(key, Streams))
            {
                return;
            }

            _fragments.Enqueue(key);
            if (_fragments.Count > SharedPortSocket.MaxFragments)
            {
                Fragments.TryRemove(new KeyValuePair<UfragKey, CandidateStreams>(_fragments.Dequeue(), Streams));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        ImmutableArray<CandidateListener> listeners;
        lock (_context.Gate)
        {
            _isDisposed = true;
            listeners = _listeners;
            _listeners = [];
            foreach (var key in _fragments)
            {
                Fragments.TryRemove(new KeyValuePair<UfragKey, CandidateStreams>(key, Streams));
            }
        }

        foreach (var listener in listeners)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        await Streams.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<CandidateListener?> ListenAsync(TransportAddress address)
    {
        var listener = CandidateListener.TryBind(address, key => _ownFragments.GetValueOrDefault(key), _context.Options.TimeProvider, _context.Logger);
        if (listener is null)
        {
            return null;
        }

        lock (_context.Gate)
        {
            if (!_isDisposed)
            {
                _listeners = _listeners.Add(listener);
                return listener;
            }
        }

        await listener.DisposeAsync().ConfigureAwait(false);
        return null;
    }
}
