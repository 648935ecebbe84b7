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
    private ImmutableArray<IceTcpHost> _hosts = [];
    private bool _isBound;
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

    /// <summary>What candidates there are now.</summary>
    public IReadOnlyList<IceTcpHost> Hosts => _hosts;

    /// <summary>The connections to the peer.</summary>
    public CandidateStreams Streams { get; }

    private SharedPorts? SharedTcp => _context.Options.SharedPorts is { HasTcp: true } ports ? ports : null;

    private ConcurrentDictionary<UfragKey, CandidateStreams> Fragments => SharedTcp?.TcpFragments ?? _ownFragments;

    /// <summary>Begins to listen on addresses, and says what candidates that gives. Addresses that cannot be bound are left out.</summary>
    public Task<IReadOnlyList<IceTcpHost>> BindAsync(IReadOnlyList<LocalAddress> addresses)
    {
        _isBound = true;
        return AddAsync(addresses);
    }

    /// <summary>Closes what addresses that are gone have, once something was bound. A shared port stays: it serves the address again when that comes back.</summary>
    /// <returns>What candidates are gone.</returns>
    public async Task<IReadOnlyList<IceTcpHost>> CloseOthersAsync(IReadOnlyList<LocalAddress> present)
    {
        ImmutableArray<IceTcpHost> gone;
        CandidateListener[] closing;
        lock (_context.Gate)
        {
            gone = _hosts.RemoveAll(host => present.Any(local => local.Address.HasSameAddress(host.Address)) || (SharedTcp is not null && host.Type == IceTcpType.Passive));
            _hosts = _hosts.RemoveRange(gone);
            closing = [.. _listeners.Where(listener => gone.Any(host => host.Type == IceTcpType.Passive && host.Address == listener.LocalAddress))];
            _listeners = _listeners.RemoveRange(closing);
        }

        foreach (var listener in closing)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        return gone;
    }

    /// <summary>Begins to listen on addresses that have come, once something was bound.</summary>
    /// <returns>What candidates that gives.</returns>
    public async Task<IReadOnlyList<IceTcpHost>> FollowAsync(IReadOnlyList<LocalAddress> present) =>
        _isBound ? await AddAsync(present).ConfigureAwait(false) : [];

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

    private async Task<IReadOnlyList<IceTcpHost>> AddAsync(IReadOnlyList<LocalAddress> addresses)
    {
        var hosts = new List<IceTcpHost>();
        if (_mode == IceTcpMode.None && SharedTcp is null)
        {
            return [];
        }

        foreach (var (address, _) in addresses)
        {
            if (_mode.HasFlag(IceTcpMode.Active) && !Has(address, IceTcpType.Active))
            {
                hosts.Add(new IceTcpHost(address.WithPort(IceTcpStreams.ActivePort), IceTcpType.Active));
            }

            if (Has(address, IceTcpType.Passive))
            {
                continue;
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

        lock (_context.Gate)
        {
            _hosts = _hosts.AddRange(hosts);
        }

        return hosts;

        bool Has(TransportAddress address, IceTcpType type) => _hosts.Any(host => host.Type == type && host.Address.HasSameAddress(address));
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
