using WebRtcCore.Ice;
using WebRtcCore.Primitives;

namespace WebRtcCore.Testing.Connectivity;

/// <summary>Two agents of two kinds of networks, connected or not: one cell of the matrix of NATs.</summary>
public sealed class ConnectivityRun
{
    /// <summary>Longer than any agent takes to give up.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static readonly TransportAddress Server = TransportAddress.Parse("198.51.100.1", 3478);
    private static readonly TransportAddress[] Inside = [TransportAddress.Parse("192.168.1.2", 5000), TransportAddress.Parse("192.168.2.2", 5000)];
    private static readonly TransportAddress[] Outside = [TransportAddress.Parse("203.0.113.1", 5000), TransportAddress.Parse("203.0.113.2", 5000)];
    private readonly Instant _start;

    private ConnectivityRun(NetworkKind a, NetworkKind b, ConnectivityOptions options)
    {
        Network = new VirtualNetwork(options.Seed) { Conditions = new LinkConditions { Delay = options.Delay, LossRate = options.LossRate } };
        _start = Network.Now;
        Relay = new TurnRelayNode(Server, seed: options.Seed);
        Network.AddHost("server", Relay, Relay.Addresses);
        A = new ConnectivityPeer(Network, IceRole.Controlling, (options.Seed * 2) + 1000, options.Delay);
        B = new ConnectivityPeer(Network, IceRole.Controlled, (options.Seed * 2) + 1001, options.Delay);
        var nat = a.MakeNat?.Invoke(Outside[0], options.Seed);
        A.Host = Add("A", A, a, nat, 0);
        B.Host = Add("B", B, b, options.IsOneNat ? nat : b.MakeNat?.Invoke(Outside[1], options.Seed + 100), 1);
        Start(A, B, options.HasTurn);
        Start(B, A, options.HasTurn);
    }

    /// <summary>The network.</summary>
    public VirtualNetwork Network { get; }

    /// <summary>The controlling agent.</summary>
    public ConnectivityPeer A { get; }

    /// <summary>The controlled agent.</summary>
    public ConnectivityPeer B { get; }

    /// <summary>The server.</summary>
    public TurnRelayNode Relay { get; }

    /// <summary>Whether both can send.</summary>
    public bool IsConnected => A.IsConnected && B.IsConnected;

    /// <summary>Whether both have given up.</summary>
    public bool HasFailed => A.Agent.State == IceAgentState.Failed && B.Agent.State == IceAgentState.Failed;

    /// <summary>From the start of gathering until both could send; <see langword="null"/> if they never could.</summary>
    public TimeSpan? TimeToConnect => A.ConnectedAt is { } a && B.ConnectedAt is { } b ? Instant.Max(a, b) - _start : null;

    /// <summary>How long the run has taken.</summary>
    public TimeSpan Elapsed => Network.Now - _start;

    /// <summary>The kind of path that both use.</summary>
    public PathKind Kind => (PathKind)Math.Max((int)KindOf(A), (int)KindOf(B));

    /// <summary>Runs until both have nominated a pair (and a little longer, so that a better one may come) or have failed.</summary>
    public static ConnectivityRun Run(NetworkKind a, NetworkKind b, ConnectivityOptions options)
    {
        var run = new ConnectivityRun(a, b, options);
        if (run.Network.RunUntil(() => (HasNominated(run.A) && HasNominated(run.B)) || run.HasFailed, Limit) && run.IsConnected)
        {
            run.Network.RunFor(TimeSpan.FromSeconds(5));
        }

        return run;
    }

    /// <summary>Runs until both can send or have failed.</summary>
    public static ConnectivityRun RunUntilConnected(NetworkKind a, NetworkKind b, ConnectivityOptions options)
    {
        var run = new ConnectivityRun(a, b, options);
        run.Network.RunUntil(() => run.TimeToConnect is not null || run.HasFailed, Limit);
        return run;
    }

    private static bool HasNominated(ConnectivityPeer peer) => peer.Agent.GetSelectedPair() is { IsNominated: true };

    private static PathKind KindOf(ConnectivityPeer peer)
    {
        if (!peer.IsConnected || peer.Agent.GetSelectedPair() is not { } pair)
        {
            return PathKind.None;
        }

        return (PathKind)Math.Max((int)KindOf(pair.Local.Type), (int)KindOf(pair.Remote.Type));
    }

    private static PathKind KindOf(IceCandidateType type) => type switch
    {
        IceCandidateType.Host => PathKind.Host,
        IceCandidateType.Relay => PathKind.Relay,
        _ => PathKind.Reflexive,
    };

    private VirtualHost Add(string name, ConnectivityPeer peer, NetworkKind kind, VirtualNat? nat, int side)
    {
        var host = Network.AddHost(name, peer, nat, nat is null ? Outside[side] : Inside[side]);
        host.Firewall = kind.Firewall;
        return host;
    }

    private static void Start(ConnectivityPeer peer, ConnectivityPeer other, bool hasTurn) => peer.Start(other, new IceGatheringOptions
    {
        HostAddresses = [.. peer.Host!.Addresses],
        StunServers = [new StunServer(Server, "stun:server.example")],
        TurnServers = hasTurn
            ? [Turn(IceRelayProtocol.Udp, Server.Port), Turn(IceRelayProtocol.Tcp, Server.Port), Turn(IceRelayProtocol.Tls, TurnRelayNode.TlsPort)]
            : [],
    });

    private static TurnServer Turn(IceRelayProtocol protocol, int port) => new()
    {
        Url = $"turn:server.example:{port}?{protocol}",
        Addresses = [Server.WithPort(port)],
        Protocol = protocol,
        HostName = "server.example",
        Username = "alice",
        Password = "secret",
    };
}
