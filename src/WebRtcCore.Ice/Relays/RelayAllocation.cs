using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>One socket's or stream's allocation on a TURN server, through fail-over to its other addresses and to alternate servers.</summary>
internal sealed class RelayAllocation(TurnServer server, int serverIndex, TransportAddress host, int rank, IEnumerable<TransportAddress> addresses)
{
    // Asked again at once, after 1, 2, 4, 8, 16 and 30 seconds: a server that was restarted is there by then.
    private const int MaxRecoveries = 7;
    private static readonly TimeSpan LongestRecoveryDelay = TimeSpan.FromSeconds(30);
    private Instant _recoverAt;

    public enum Phase
    {
        /// <summary>The stream to the server is being opened.</summary>
        Opening,

        /// <summary>The server has been asked.</summary>
        Asking,

        /// <summary>There is an allocation.</summary>
        Ready,

        /// <summary>There is none any more; the server is asked again after a while.</summary>
        Waiting,

        /// <summary>There is none, and nothing is tried any more.</summary>
        Ended,
    }

    public TurnServer Server { get; } = server;

    public int ServerIndex { get; } = serverIndex;

    /// <summary>The socket; none over a connection of its own, whose local address is known when it is open.</summary>
    public TransportAddress Host { get; } = host;

    public int Rank { get; } = rank;

    /// <summary>What is left to try.</summary>
    public Queue<TransportAddress> Addresses { get; } = new(addresses);

    public TransportAddress Address { get; set; }

    public Phase State { get; set; } = Phase.Ended;

    public TurnClient? Client { get; set; }

    public int StreamId { get; set; }

    /// <summary>Until when the stream must be open.</summary>
    public Instant? OpenDeadline { get; set; }

    public int Redirects { get; set; }

    /// <summary>How often the server has been asked again since the allocation was lost; 0 if it was not, or there is one again.</summary>
    public int Recoveries { get; set; }

    /// <summary>When it is asked again, while it is <see cref="Phase.Waiting"/>.</summary>
    public Instant? RecoverAt => State == Phase.Waiting ? _recoverAt : null;

    /// <summary>Whether a lost allocation may be asked for once more.</summary>
    public bool CanRecover => Recoveries is > 0 and < MaxRecoveries;

    /// <summary>Whether bytes go to the server in a stream rather than in datagrams.</summary>
    public bool IsStream => Server.Protocol is IceRelayProtocol.Tcp or IceRelayProtocol.Tls;

    /// <summary>Whether the owner has to connect with the server before it can be asked.</summary>
    public bool IsConnected => Server.Protocol != IceRelayProtocol.Udp;

    /// <summary>Whether packets of the allocation travel on a path.</summary>
    public bool IsOn(in NetworkPath path) => Client is { } client && client.Path == path;

    /// <summary>Whether an address is one that the server relays for this allocation.</summary>
    public bool Relays(TransportAddress address) =>
        State == Phase.Ready && (Client!.RelayedAddress4 == address || Client.RelayedAddress6 == address);

    /// <summary>Waits, longer each time, before the server is asked again.</summary>
    public void WaitToRecover(Instant now)
    {
        var delay = Recoveries == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(1 << (Recoveries - 1));
        Recoveries++;
        State = Phase.Waiting;
        _recoverAt = now + (delay < LongestRecoveryDelay ? delay : LongestRecoveryDelay);
    }

    /// <summary>All addresses of the server may be tried again; takes the first.</summary>
    public TransportAddress BeginAgain()
    {
        Redirects = 0;
        Addresses.Clear();
        foreach (var address in Server.Addresses.Where(a => IsConnected || a.IsIPv4 == Host.IsIPv4))
        {
            Addresses.Enqueue(address);
        }

        return Addresses.Dequeue();
    }
}
