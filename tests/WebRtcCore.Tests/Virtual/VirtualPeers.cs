using WebRtcCore.Primitives;
using WebRtcCore.Testing;
using WebRtcCore.Tests.Connections;

namespace WebRtcCore.Tests.Virtual;

/// <summary>
/// Two whole connections, loops, timers and public API included, over a virtual network: signalling takes no virtual time, everything else does.
/// Before the clock moves, both connections have come to rest.
/// </summary>
internal sealed class VirtualPeers : IAsyncDisposable
{
    private static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(20);

    private readonly VirtualTimeProvider _time = new();
    private readonly VirtualNetwork _network;
    private readonly VirtualHost _offererHost;
    private readonly VirtualHost _answererHost;
    private readonly VirtualHost _secondHost;
    private Instant _advancedTo;

    public VirtualPeers(
        LinkConditions conditions,
        int seed = 1,
        PeerConnectionConfiguration? configuration = null,
        TurnServerNode? server = null,
        Func<PeerConnectionOptions, PeerConnectionOptions>? configure = null,
        bool isIPv6 = false,
        bool hasSecondInterface = false)
    {
        var offerer = new VirtualSocket(TransportAddress.Parse(isIPv6 ? "2001:db8::1" : "10.0.0.1", 5000));
        var second = new VirtualSocket(TransportAddress.Parse(isIPv6 ? "2001:db8:1::1" : "10.0.1.1", 5000));
        var answerer = new VirtualSocket(TransportAddress.Parse(isIPv6 ? "2001:db8::2" : "10.0.0.2", 5000));
        configure ??= options => options;
        _network = new VirtualNetwork(seed) { Conditions = conditions };
        _advancedTo = _network.Now;

        // Timers first: the clock must stand right before a datagram is handled.
        _network.AddHost("time", new VirtualNode
        {
            OnNextTimeout = () => _time.NextDue is { } due ? _advancedTo + due : null,
            OnTimeout = Advance,
        });
        _offererHost = AddHost("offerer", offerer);
        _answererHost = AddHost("answerer", answerer);
        _secondHost = AddHost("offerer's second interface", second);
        _network.SetConditions(_secondHost, _answererHost, conditions with { IsDown = true });
        if (server is not null)
        {
            _network.AddHost("turn", server, server.Addresses);
        }

        Pair = new PeerPair(configure(hasSecondInterface ? OptionsOf(offerer, second) : OptionsOf(offerer)), configure(OptionsOf(answerer)), configuration);
    }

    public PeerPair Pair { get; }

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Elapsed => _network.Clock.Elapsed;

    public LinkConditions Conditions
    {
        set
        {
            _network.Conditions = value;
            _network.SetConditions(_secondHost, _answererHost, value with { IsDown = true });
        }
    }

    /// <summary>Sees every datagram as it is sent, and decides on it.</summary>
    public Func<VirtualDatagram, DatagramFate>? Interceptor
    {
        set => _network.Interceptor = value;
    }

    /// <summary>The offerer's first interface goes down, and the second, until now without a link, comes up.</summary>
    public void SwitchInterface(LinkConditions conditions)
    {
        _network.SetConditions(_offererHost, _answererHost, conditions with { IsDown = true });
        _network.SetConditions(_secondHost, _answererHost, conditions);
    }

    /// <summary>Negotiates, which takes no virtual time, and runs until both sides are connected.</summary>
    /// <param name="limit">The longest that it may take.</param>
    /// <param name="offer">Changes the offer on its way.</param>
    /// <param name="beforeAnswer">What the answerer does once it has the offer.</param>
    /// <param name="answer">Changes the answer on its way.</param>
    public async Task ConnectAsync(TimeSpan limit, Func<string, string>? offer = null, Func<Task>? beforeAnswer = null, Func<string, string>? answer = null)
    {
        await Pair.NegotiateAsync(offer, beforeAnswer, answer);
        Assert.That(
            RunUntil(
                () => Pair.Offerer.ConnectionState == PeerConnectionState.Connected && Pair.Answerer.ConnectionState == PeerConnectionState.Connected, limit),
            Is.True,
            () => $"offerer {Pair.Offerer.ConnectionState}, answerer {Pair.Answerer.ConnectionState} after {Elapsed}");
    }

    public bool RunUntil(Func<bool> predicate, TimeSpan limit)
    {
        var reached = _network.RunUntil(
            () =>
            {
                Rest();
                return predicate();
            },
            limit);
        Advance(_network.Now);
        Rest();
        return reached || predicate();
    }

    public async ValueTask DisposeAsync() => await Pair.DisposeAsync();

    private VirtualHost AddHost(string name, VirtualSocket socket)
    {
        var host = _network.AddHost(name, NodeOf(socket), socket.LocalAddress);
        host.TransmitBufferSize = 16_384;
        return host;
    }

    private VirtualNode NodeOf(VirtualSocket socket) => new()
    {
        OnDatagram = (Span<byte> datagram, in NetworkPath path, Instant now) =>
        {
            Advance(now);
            Rest();
            socket.Deliver(datagram, path);
        },
        OnPoll = (Span<byte> destination, out Transmit transmit) =>
        {
            Rest();
            var taken = socket.TryTakeSent(out var datagram, out transmit);
            datagram.CopyTo(destination);
            return taken;
        },
    };

    private PeerConnectionOptions OptionsOf(params VirtualSocket[] sockets) => new()
    {
        LocalAddresses = [.. sockets.Select(socket => socket.LocalAddress.ToIPAddress())],
        TimeProvider = _time,
        SocketFactory = address => Array.Find(sockets, socket => socket.LocalAddress.HasSameAddress(address)),
    };

    private void Advance(Instant now)
    {
        if (now > _advancedTo)
        {
            var step = now - _advancedTo;
            _advancedTo = now;
            _time.Advance(step);
        }
        else if (_time.NextDue == TimeSpan.Zero)
        {
            _time.Advance(TimeSpan.Zero);
        }
    }

    // Loops and dispatchers run on the thread pool; each step waits until they have nothing left to do.
    private void Rest()
    {
        if (!SpinWait.SpinUntil(IsAtRest, RestLimit))
        {
            throw new InvalidOperationException("A connection does not come to rest.");
        }
    }

    // A dispatcher may give a loop work just after that was seen idle, and the reverse: nothing may have begun while they were looked at.
    private bool IsAtRest()
    {
        var (offerer, answerer) = (Pair.Offerer.Driver, Pair.Answerer.Driver);
        var before = offerer.Activity + answerer.Activity;
        return offerer.IsIdle && answerer.IsIdle && offerer.Activity + answerer.Activity == before;
    }
}
