using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Testing;

namespace WebRtcCore.Fuzz.Cores;

/// <summary>A TURN client under sequences of commands, time, and answers to whatever it has asked, right and wrong.</summary>
internal sealed class TurnClientTarget : FuzzTarget
{
    private const int MaxPeers = 8;
    private static readonly NetworkPath Path = new(Pair.AddressA, Pair.AddressB);

    public override string Name => "turn-client";

    // Command, argument; answers are: 4, class and integrity bits, length, attributes as they are.
    public override IEnumerable<byte[]> Seeds() =>
    [
        [4, 0, 0, 1, 5, 4, 0, 2, 1, 3, 9],
        [4, 2, 8, 0, 9, 0, 4, 0, 0, 4, 1, 4, 4, 12, 0, 0x16, 0, 8, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4, 0, 0, 3, 1],
        [4, 4, 12, 0, 0x16, 0, 8, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 4, 0, 0, 6, 200, 6, 200, 5, 0],
        [7, 4, 0x40, 0, 0, 1, 9, 3, 3, 6, 255, 6, 255],
    ];

    public override bool CanReachItsGoal()
    {
        using var client = Create();
        return Complete(client, 0) && client.State == TurnClientState.Allocated;
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        using var client = Create();
        var now = VirtualClock.Start;
        var script = new Script(input);
        var buffer = new byte[1400];
        if ((script.NextByte() & 1) != 0)
        {
            Complete(client, script.NextByte());
        }

        for (var steps = 0; steps < 300 && !script.IsAtEnd; steps++)
        {
            var command = script.NextByte() & 7;
            switch (command)
            {
                case 0 when client.State == TurnClientState.New:
                    client.Allocate(now);
                    break;
                case 1:
                    client.AddPeer(Peer(script.NextByte()), now);
                    break;
                case 2:
                    client.BindChannel(Peer(script.NextByte()), now);
                    break;
                case 3:
                    var peer = Peer(script.NextByte());
                    Require(client.Wrap(buffer, peer, 100) <= 100 + TurnIndication.MaxOverhead + 3, "Wrapping is bounded.");
                    Require(client.GetDataOffset(peer) <= TurnIndication.MaxOverhead, "The room in front is bounded.");
                    break;
                case 4:
                    Answer(client, ref script, now);
                    break;
                case 5 when (script.NextByte() & 7) == 0:
                    client.Close(now);
                    break;
                case 6:
                    now += TimeSpan.FromSeconds(script.NextByte());
                    break;
                default:
                    Handle(client, script.NextBytes(script.NextByte()), now);
                    break;
            }

            for (var rounds = 0; client.NextTimeout <= now; rounds++)
            {
                Require(rounds < 1000, "Timeouts make progress.");
                client.HandleTimeout(now);
            }

            while (client.TryPollEvent(out _))
            {
            }
        }
    }

    private static TurnClient Create() => new(Path, new TurnClientOptions { Username = "u", Password = "p", MaxPeers = MaxPeers }, new SeededRandomSource(1));

    private static TransportAddress Peer(byte number) => TransportAddress.FromBytes([10, 0, (byte)(number >> 4), number], 1 + number);

    private static void Handle(TurnClient client, ReadOnlySpan<byte> datagram, Instant now)
    {
        if (client.HandleDatagram(datagram, now, out var data) == TurnInput.Data)
        {
            Require(data.Offset > 0 && data.Length <= datagram.Length - data.Offset, "Data lies within its datagram.");
            Require(client.IsPermitted(data.Peer), "Data comes from peers with a permission.");
        }
    }

    // Answers the next request that is to be sent.
    private static void Answer(TurnClient client, ref Script script, Instant now)
    {
        var flags = script.NextByte();
        var body = script.NextBytes(script.NextByte());
        var buffer = new byte[1400];
        if (!client.TryPollTransmit(buffer, out var transmit) || !StunMessageView.TryParse(buffer.AsSpan(0, transmit.Length), out var request))
        {
            return;
        }

        var writer = new StunMessageWriter(new byte[1400], (flags & 2) != 0 ? StunClass.ErrorResponse : StunClass.SuccessResponse, request.Method, request.TransactionId);
        if ((flags & 8) != 0)
        {
            writer.AddErrorCode((flags & 16) != 0 ? StunErrorCode.StaleNonce : StunErrorCode.Unauthenticated, "");
            writer.AddText(StunAttributeType.Realm, "r");
            writer.AddText(StunAttributeType.Nonce, "n");
        }

        var reader = new SpanReader(body);
        while (reader.TryReadUInt16(out var type) && reader.TryReadVector16(out var value))
        {
            if (type is not ((ushort)StunAttributeType.MessageIntegrity or (ushort)StunAttributeType.MessageIntegritySha256 or (ushort)StunAttributeType.Fingerprint))
            {
                writer.Add((StunAttributeType)type, value);
            }
        }

        if ((flags & 4) != 0)
        {
            using var key = StunIntegrityKey.FromLongTermCredential("u", "r", "p");
            writer.AddMessageIntegrity(key);
        }

        Handle(client, writer.Written, now);
    }

    // Allocates as a server without credentials would grant it.
    private static bool Complete(TurnClient client, byte port)
    {
        client.Allocate(VirtualClock.Start);
        var buffer = new byte[1400];
        if (!client.TryPollTransmit(buffer, out var transmit) || !StunMessageView.TryParse(buffer.AsSpan(0, transmit.Length), out var request))
        {
            return false;
        }

        var writer = new StunMessageWriter(new byte[200], StunClass.SuccessResponse, StunMethod.Allocate, request.TransactionId);
        writer.AddXorAddress(StunAttributeType.XorRelayedAddress, Pair.AddressB.WithPort(50_000 + port));
        client.HandleDatagram(writer.Written, VirtualClock.Start, out _);
        return true;
    }
}
