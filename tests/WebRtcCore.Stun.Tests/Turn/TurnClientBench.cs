using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Stun.Tests.Turn;

/// <summary>A TURN client, a server and a peer that returns what it gets, on the virtual network.</summary>
internal sealed class TurnClientBench
{
    public static readonly TransportAddress ServerAddress = TransportAddress.Parse("198.51.100.1", 3478);
    public static readonly TransportAddress ServerAddress6 = TransportAddress.Parse("2001:db8:1::1", 3478);
    public static readonly TransportAddress ClientAddress = TransportAddress.Parse("10.0.0.1", 5000);
    public static readonly TransportAddress PeerAddress = TransportAddress.Parse("203.0.113.9", 6000);
    private readonly byte[] _buffer = new byte[1500];

    public TurnClientBench(int seed = 1, double loss = 0, TurnClientOptions? options = null, bool hasIPv6 = false)
    {
        Network = new VirtualNetwork(seed) { Conditions = new LinkConditions { LossRate = loss, Delay = TimeSpan.FromMilliseconds(10) } };
        Server = new TurnServerNode(ServerAddress, hasIPv6 ? ServerAddress6 : default);
        Client = new TurnClient(
            new NetworkPath(ClientAddress, ServerAddress), options ?? new TurnClientOptions { Username = "alice", Password = "secret" }, new SeededRandomSource(seed));
        Network.AddHost("server", Server, Server.Addresses);
        Network.AddHost("client", Node(), ClientAddress);
        Network.AddHost("peer", Echo(), PeerAddress, PeerAddress.WithPort(6001));
    }

    public VirtualNetwork Network { get; }

    public TurnServerNode Server { get; }

    public TurnClient Client { get; }

    public List<TurnClientEvent> Events { get; } = [];

    /// <summary>What peers sent.</summary>
    public List<(byte[] Data, TransportAddress Peer)> Received { get; } = [];

    public IEnumerable<TurnErrorKind> Errors => Events.Where(e => e.Error is not null).Select(e => e.Error!.Kind);

    private Queue<(byte[] Bytes, NetworkPath Path)> Data { get; } = new();

    /// <summary>Allocates, and waits for the outcome.</summary>
    public TurnClientBench Allocate()
    {
        Client.Allocate(Network.Now);
        Network.RunUntil(() => Client.State != TurnClientState.Allocating, TimeSpan.FromMinutes(2));
        return this;
    }

    public bool Permit(TransportAddress? peer = null)
    {
        var address = peer ?? PeerAddress;
        return Client.AddPeer(address, Network.Now) && Network.RunUntil(() => Client.IsPermitted(address), TimeSpan.FromMinutes(1));
    }

    public bool Bind() =>
        Client.BindChannel(PeerAddress, Network.Now) && Network.RunUntil(() => Events.Exists(e => e.Kind == TurnClientEventKind.ChannelBound), TimeSpan.FromMinutes(1));

    /// <summary>Sends to the peer; false if it may not.</summary>
    public bool Send(byte value, TransportAddress? peer = null)
    {
        var address = peer ?? PeerAddress;
        var offset = Client.GetDataOffset(address);
        _buffer[offset] = value;
        var length = Client.Wrap(_buffer, address, 1);
        if (length > 0)
        {
            Data.Enqueue((_buffer[..length], Client.Path));
        }

        return length > 0;
    }

    private VirtualNode Node() => new()
    {
        OnDatagram = (Span<byte> datagram, in NetworkPath _, Instant now) =>
        {
            if (Client.HandleDatagram(datagram, now, out var data) == TurnInput.Data)
            {
                Received.Add((datagram.Slice(data.Offset, data.Length).ToArray(), data.Peer));
            }
        },
        OnTimeout = Client.HandleTimeout,
        OnNextTimeout = () => Client.NextTimeout,
        OnEvents = _ =>
        {
            while (Client.TryPollEvent(out var e))
            {
                Events.Add(e);
            }
        },
        OnPoll = (Span<byte> destination, out Transmit transmit) =>
        {
            if (Client.TryPollTransmit(destination, out transmit))
            {
                return true;
            }

            if (!Data.TryDequeue(out var next))
            {
                return false;
            }

            next.Bytes.CopyTo(destination);
            transmit = new Transmit(next.Bytes.Length, next.Path);
            return true;
        },
    };

    private static VirtualNode Echo()
    {
        var answers = new Queue<(byte[] Bytes, NetworkPath Path)>();
        return new VirtualNode
        {
            OnDatagram = (Span<byte> datagram, in NetworkPath path, Instant _) => answers.Enqueue((datagram.ToArray(), path)),
            OnPoll = (Span<byte> destination, out Transmit transmit) =>
            {
                transmit = default;
                if (!answers.TryDequeue(out var next))
                {
                    return false;
                }

                next.Bytes.CopyTo(destination);
                transmit = new Transmit(next.Bytes.Length, next.Path);
                return true;
            },
        };
    }
}
