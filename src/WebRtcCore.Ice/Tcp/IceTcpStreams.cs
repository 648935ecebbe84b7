using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>
/// The TCP connections to the peer (RFC 6544): the agent asks for them here, and its owner, who opens and accepts them, says what became of them. A check that
/// has no connection yet asks for one and waits. Belongs to an agent; the same thread.
/// </summary>
public sealed class IceTcpStreams
{
    /// <summary>The port of active candidates, which have none (RFC 6544, 4.1): discard.</summary>
    public const int ActivePort = 9;

    /// <summary>How many connections an agent has at a time; a peer's further ones are refused.</summary>
    public const int MaxStreams = 32;

    private readonly Dictionary<NetworkPath, Entry> _streams = [];
    private readonly Queue<IceTcpRequest> _requests = new();
    private bool _isClosed;

    internal IceTcpStreams()
    {
    }

    /// <summary>Connections that are open or being opened.</summary>
    public int Count => _streams.Count;

    /// <summary>Sends a message that has waited.</summary>
    internal Action<OutgoingMessage> Resend { get; set; } = static _ => { };

    /// <summary>Told of a connection that has ended or did not come about.</summary>
    internal Action<NetworkPath> Lost { get; set; } = static _ => { };

    /// <summary>Gathers from another host.</summary>
    internal Action<IceTcpHost, string?> HostAdded { get; set; } = static (_, _) => { };

    /// <summary>Gathers from a host no more.</summary>
    internal Action<IceTcpHost> HostRemoved { get; set; } = static _ => { };

    /// <summary>Told that the candidates of a local address are no more.</summary>
    internal Action<TransportAddress, Instant> Gone { get; init; } = static (_, _) => { };

    /// <summary>Ends a verb.</summary>
    internal Action<Instant> Settle { get; init; } = static _ => { };

    /// <summary>
    /// There is another address to connect from or to be reached at, as <see cref="IceAgent.AddHostAddress(TransportAddress, int, string?, Instant)"/> says of UDP: a candidate
    /// is gathered and paired, whatever the state of gathering.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="hostName">What it is told by where addresses are hidden; without one it is not told.</param>
    /// <param name="now">The time.</param>
    public void AddHost(IceTcpHost host, string? hostName, Instant now)
    {
        if (!_isClosed)
        {
            HostAdded(host, hostName);
            Settle(now);
        }
    }

    /// <summary>An address is gone: its candidate and pairs go too, and its connections are asked to be closed. Data moves to another pair, as soon as one works.</summary>
    public void RemoveHost(IceTcpHost host, Instant now)
    {
        if (_isClosed)
        {
            return;
        }

        HostRemoved(host);
        foreach (var path in _streams.Keys.Where(path => path.Local == host.Address).ToArray())
        {
            Close(path);
        }

        Gone(host.Address, now);
        Settle(now);
    }

    /// <summary>Takes what the owner is to do next.</summary>
    public bool TryPollRequest(out IceTcpRequest request) => _requests.TryDequeue(out request);

    /// <summary>Says that a connection asked for is open. One that nobody wants any more is asked to be closed.</summary>
    public void OnOpened(in NetworkPath path, Instant now)
    {
        if (!_streams.TryGetValue(path, out var entry))
        {
            _requests.Enqueue(new IceTcpRequest(path, IsOpen: false));
            return;
        }

        entry.IsOpen = true;
        if (entry.Waiting is { } waiting)
        {
            entry.Waiting = null;
            Resend(waiting);
        }

        Settle(now);
    }

    /// <summary>Says that the peer has connected to a passive candidate.</summary>
    /// <returns>False if there are too many: the owner closes it.</returns>
    public bool OnAccepted(in NetworkPath path)
    {
        if (_streams.Count >= MaxStreams)
        {
            return false;
        }

        _streams[path] = new Entry { IsOpen = true };
        return true;
    }

    /// <summary>Says that a connection has ended, or could not be opened.</summary>
    public void OnClosed(in NetworkPath path, Instant now)
    {
        if (_streams.Remove(path))
        {
            Lost(path);
            Settle(now);
        }
    }

    /// <summary>Keeps a message back that has no connection yet, and asks for one where this side opens it.</summary>
    /// <returns>Whether it was kept or dropped; it is not to be sent now.</returns>
    internal bool TryHold(in OutgoingMessage message)
    {
        if (message.Path.Protocol != TransportProtocol.Tcp)
        {
            return false;
        }

        if (_streams.TryGetValue(message.Path, out var entry))
        {
            if (!entry.IsOpen)
            {
                // The latest check says all that earlier ones said.
                entry.Waiting = message;
            }

            return !entry.IsOpen;
        }

        if (IsActive(message.Path) && _streams.Count < MaxStreams)
        {
            _streams.Add(message.Path, new Entry { Waiting = message });
            _requests.Enqueue(new IceTcpRequest(message.Path, IsOpen: true));
        }

        return true;
    }

    /// <summary>Closes what is of no use any more.</summary>
    internal void Close(in NetworkPath path)
    {
        if (path.Protocol == TransportProtocol.Tcp && _streams.Remove(path))
        {
            _requests.Enqueue(new IceTcpRequest(path, IsOpen: false));
        }
    }

    /// <summary>Closes everything.</summary>
    internal void CloseAll()
    {
        _isClosed = true;
        foreach (var path in _streams.Keys)
        {
            _requests.Enqueue(new IceTcpRequest(path, IsOpen: false));
        }

        _streams.Clear();
    }

    internal static bool IsActive(in NetworkPath path) => path is { Protocol: TransportProtocol.Tcp, Local.Port: ActivePort };

    private sealed class Entry
    {
        public bool IsOpen { get; set; }

        public OutgoingMessage? Waiting { get; set; }
    }
}
