using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Testing;

namespace WebRtcCore.Fuzz.Cores;

/// <summary>A TURN server and a client of it under sequences of commands, time, messages that are changed on their way, and whatever strangers and peers send.</summary>
internal sealed class TurnRelayTarget : FuzzTarget
{
    private const int Ports = 4;
    private static readonly TransportAddress Server = TransportAddress.Parse("198.51.100.1", 3478);
    private static readonly TransportAddress Client = TransportAddress.Parse("192.0.2.1", 5000);

    public override string Name => "turn-relay";

    // Command, argument; 3: what is changed on the way; 4, 5: length and bytes.
    public override IEnumerable<byte[]> Seeds() =>
    [
        [0, 3, 0, 3, 0, 3, 0, 1, 7, 3, 0, 3, 0, 4, 1, 5, 2, 7, 9],
        [0, 3, 0, 3, 0, 2, 7, 3, 0, 3, 0, 4, 5, 0x40, 0, 0, 1, 9, 6, 200, 6, 200, 3, 0],
        [0, 3, 40, 3, 0, 3, 5, 7, 6, 255, 0],
        [4, 20, 0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    ];

    public override bool CanReachItsGoal()
    {
        var world = new World();
        world.Core.Allocate(world.Now);
        for (var i = 0; i < 4; i++)
        {
            world.Exchange(0);
        }

        return world.Core.State == TurnClientState.Allocated;
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var world = new World();
        var script = new Script(input);
        for (var steps = 0; steps < 300 && !script.IsAtEnd; steps++)
        {
            switch (script.NextByte() & 7)
            {
                case 0 when world.Core.State == TurnClientState.New:
                    world.Core.Allocate(world.Now);
                    break;
                case 1:
                    world.Core.AddPeer(World.Peer(script.NextByte()), world.Now);
                    break;
                case 2:
                    world.Core.BindChannel(World.Peer(script.NextByte()), world.Now);
                    break;
                case 3:
                    world.Exchange(script.NextByte());
                    break;
                case 4:
                    world.FromClient(script.NextBytes(script.NextByte()));
                    break;
                case 5:
                    world.FromPeer(World.Peer(script.NextByte()), script.NextBytes(script.NextByte()));
                    break;
                case 6:
                    world.Advance(TimeSpan.FromSeconds(script.NextByte()));
                    break;
                default:
                    world.Node.Relay.HandleClientGone(World.Path);
                    break;
            }

            world.Check();
        }
    }

    private sealed class World
    {
        private readonly byte[] _buffer = new byte[2000];
        private readonly byte[] _message = new byte[2000];

        public static NetworkPath Path { get; } = new(Server, Client);

        public TurnRelayNode Node { get; } = new(Server, ports: Ports);

        public TurnClient Core { get; } = new(new NetworkPath(Client, Server), new TurnClientOptions { Username = "alice", Password = "secret" }, new SeededRandomSource(1));

        public Instant Now { get; private set; } = VirtualClock.Start;

        // Some of them are such as no relay may reach.
        public static TransportAddress Peer(byte number) => TransportAddress.FromBytes([(byte)(number < 64 ? 10 : 203), 0, 113, number], 1 + number);

        /// <summary>The client's next message goes to the server and its answer back, one byte changed unless <paramref name="change"/> is 0.</summary>
        public void Exchange(byte change)
        {
            if (!Core.TryPollTransmit(_message, out var transmit))
            {
                return;
            }

            if (change != 0)
            {
                _message[change % transmit.Length] ^= change;
            }

            FromClient(_message.AsSpan(0, transmit.Length));
            while (Node.Relay.TryPollTransmit(_buffer, out var answer))
            {
                Require(answer.Path == Path, "Answers go where the request came from.");
                Core.HandleDatagram(_buffer.AsSpan(0, answer.Length), Now, out _);
            }

            while (Core.TryPollEvent(out _))
            {
            }
        }

        public void FromClient(ReadOnlySpan<byte> message)
        {
            if (Node.Relay.HandleClient(message, Path, Now, _buffer, out var transmit))
            {
                Require(transmit.Length <= message.Length, "No more is relayed than came.");
                Require(Node.Open.Contains(transmit.Path!.Value.Local), "Data leaves from an open address.");
                Require(TurnPeerAddress.GetScope(transmit.Path!.Value.Remote) == TurnPeerScope.Global, "Data goes to the Internet at large only.");
            }
        }

        public void FromPeer(TransportAddress peer, ReadOnlySpan<byte> data)
        {
            foreach (var open in Node.Open.ToArray())
            {
                if (Node.Relay.HandlePeer(data, new NetworkPath(open, peer), Now, _buffer, out var transmit))
                {
                    Require(transmit.Path == Path, "Data goes to the client of the allocation.");
                    Require(transmit.Length <= data.Length + TurnIndication.MaxOverhead + 3, "Wrapping is bounded.");
                    Core.HandleDatagram(_buffer.AsSpan(0, transmit.Length), Now, out _);
                }
            }
        }

        public void Advance(TimeSpan time)
        {
            Now += time;
            for (var rounds = 0; Node.Relay.NextTimeout <= Now; rounds++)
            {
                Require(rounds < 1000, "The server's timeouts make progress.");
                Node.Relay.HandleTimeout(Now);
            }

            for (var rounds = 0; Core.NextTimeout <= Now; rounds++)
            {
                Require(rounds < 1000, "The client's timeouts make progress.");
                Core.HandleTimeout(Now);
            }
        }

        public void Check()
        {
            Require(Node.Open.Count <= Ports, "Ports are bounded.");
            Require(Node.Relay.Statistics.Allocations <= 1, "One client has one allocation.");
            Require(Node.Relay.Statistics.Allocations > 0 || Node.Open.Count == 0, "Without an allocation no address is open.");
        }
    }
}
