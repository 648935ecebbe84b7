using WebRtcCore.Primitives;
using WebRtcCore.Testing;

namespace WebRtcCore.Stun.Tests.Turn.Server;

/// <summary>A TURN server, handed single messages of clients and peers: what it answers and relays comes back at once.</summary>
internal sealed class TurnRelayBench : IDisposable
{
    public static readonly TransportAddress ServerAddress = TransportAddress.Parse("198.51.100.1", 3478);
    public static readonly TransportAddress ServerAddress6 = TransportAddress.Parse("2001:db8:1::1", 3478);
    public static readonly TransportAddress PeerAddress = TransportAddress.Parse("203.0.113.9", 6000);
    private readonly byte[] _buffer = new byte[2000];
    private readonly SeededRandomSource _random = new(3);
    private byte[] _nonce = [];

    public TurnRelayBench(TurnRelayOptions? options = null, bool hasIPv6 = false, int ports = 8)
    {
        Node = new TurnRelayNode(ServerAddress, hasIPv6 ? ServerAddress6 : default, options, ports);
        Node.Users["bob"] = "other";
    }

    public delegate void WriteAttributes(ref StunMessageWriter writer);

    public TurnRelayNode Node { get; }

    public TurnRelay Relay => Node.Relay;

    public Instant Now { get; set; } = Instant.Zero + TimeSpan.FromHours(1);

    public NetworkPath Client { get; set; } = new(ServerAddress, TransportAddress.Parse("192.0.2.77", 5000));

    public string Username { get; set; } = "alice";

    public string Password { get; set; } = "secret";

    public StunPasswordAlgorithm? Algorithm { get; set; }

    public void Advance(TimeSpan time)
    {
        Now += time;
        while (Relay.NextTimeout is { } next && next <= Now)
        {
            Relay.HandleTimeout(Now);
        }
    }

    /// <summary>Sends a request with credentials, taking up the server's challenge, and returns the answer.</summary>
    public Answer Request(StunMethod method, WriteAttributes? write = null, StunTransactionId? id = null)
    {
        var answer = Send(Write(method, write, id));
        if (answer.Code is StunErrorCode.Unauthenticated or StunErrorCode.StaleNonce && answer.Nonce is { } nonce && !nonce.SequenceEqual(_nonce))
        {
            _nonce = nonce;
            answer = Send(Write(method, write, id));
        }

        return answer;
    }

    public Answer Allocate(WriteAttributes? write = null, StunTransactionId? id = null) => Request(
        StunMethod.Allocate,
        (ref StunMessageWriter w) =>
        {
            w.AddRequestedTransport();
            write?.Invoke(ref w);
        },
        id);

    public Answer Permit(params TransportAddress[] peers) => Request(StunMethod.CreatePermission, (ref StunMessageWriter w) =>
    {
        foreach (var peer in peers)
        {
            w.AddXorAddress(StunAttributeType.XorPeerAddress, peer);
        }
    });

    public Answer Bind(ushort channel, TransportAddress peer) => Request(StunMethod.ChannelBind, (ref StunMessageWriter w) =>
    {
        w.AddChannel(new TurnChannel(channel));
        w.AddXorAddress(StunAttributeType.XorPeerAddress, peer);
    });

    public Answer Refresh(uint seconds) => Request(StunMethod.Refresh, (ref StunMessageWriter w) => w.AddUInt32(StunAttributeType.Lifetime, seconds));

    /// <summary>Sends bytes as a client; what is relayed to a peer at once, if anything.</summary>
    public (byte[] Data, NetworkPath Path)? FromClient(byte[] bytes, bool isChannelData = false, ushort channel = TurnChannel.First, TransportAddress peer = default)
    {
        var message = new byte[bytes.Length + TurnIndication.MaxOverhead + 3];
        int length;
        if (isChannelData)
        {
            bytes.CopyTo(message, TurnChannelData.HeaderLength);
            length = TurnChannelData.Complete(message, new TurnChannel(channel), bytes.Length, isPadded: false);
        }
        else
        {
            bytes.CopyTo(message, TurnIndication.GetDataOffset(peer));
            length = TurnIndication.Complete(message, StunMethod.Send, StunTransactionId.Create(_random), peer, bytes.Length);
        }

        return Relay.HandleClient(message.AsSpan(0, length), Client, Now, _buffer, out var transmit) ? (_buffer[..transmit.Length], transmit.Path!.Value) : null;
    }

    /// <summary>Sends bytes as a peer; what is relayed to the client at once, if anything.</summary>
    public (byte[] Message, NetworkPath Path)? FromPeer(byte[] bytes, TransportAddress relayed, TransportAddress peer) =>
        Relay.HandlePeer(bytes, new NetworkPath(relayed, peer), Now, _buffer, out var transmit) ? (_buffer[..transmit.Length], transmit.Path!.Value) : null;

    /// <summary>Sends a message as a client and reads the answer.</summary>
    public Answer Send(byte[] message)
    {
        Relay.HandleClient(message, Client, Now, _buffer, out _);
        if (!Relay.TryPollTransmit(_buffer, out var transmit))
        {
            return Answer.None;
        }

        Assert.That(transmit.Path, Is.EqualTo(Client), "An answer goes where the request came from.");
        return Answer.Read(_buffer.AsSpan(0, transmit.Length));
    }

    public byte[] Write(StunMethod method, WriteAttributes? write = null, StunTransactionId? id = null, bool isAuthenticated = true)
    {
        var writer = new StunMessageWriter(new byte[2000], StunClass.Request, method, id ?? StunTransactionId.Create(_random));
        write?.Invoke(ref writer);
        if (isAuthenticated && _nonce.Length > 0)
        {
            using var key = StunIntegrityKey.FromLongTermCredential(Username, "test.example", Password, Algorithm ?? StunPasswordAlgorithm.Md5);
            writer.AddText(StunAttributeType.Username, Username);
            writer.AddText(StunAttributeType.Realm, "test.example");
            writer.Add(StunAttributeType.Nonce, _nonce);
            if (Algorithm is { } algorithm)
            {
                writer.AddPasswordAlgorithms(StunAttributeType.PasswordAlgorithms, StunPasswordAlgorithm.Sha256, StunPasswordAlgorithm.Md5);
                writer.AddPasswordAlgorithms(StunAttributeType.PasswordAlgorithm, algorithm);
                writer.AddMessageIntegritySha256(key);
            }
            else
            {
                writer.AddMessageIntegrity(key);
            }
        }

        return writer.Written.ToArray();
    }

    public void Dispose() => Relay.Dispose();

    /// <summary>What the server said.</summary>
    internal sealed record Answer(byte[] Bytes, StunErrorCode? Code, TransportAddress Relayed, TransportAddress Relayed6, TransportAddress Mapped, uint? Lifetime, ulong? Token, byte[]? Nonce)
    {
        public static Answer None { get; } = new([], null, default, default, default, null, null, null);

        public bool IsSuccess => Bytes.Length > 0 && Code is null;

        public static Answer Read(ReadOnlySpan<byte> bytes)
        {
            Assert.That(StunMessageView.TryParse(bytes, out var message), Is.True);
            TransportAddress relayed = default, relayed6 = default;
            foreach (var attribute in message.Attributes)
            {
                if (attribute.Type == StunAttributeType.XorRelayedAddress && message.TryReadXorAddress(attribute, out var address))
                {
                    (relayed, relayed6) = address.IsIPv4 ? (address, relayed6) : (relayed, address);
                }
            }

            message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var mapped);
            return new Answer(
                bytes.ToArray(),
                message.TryGetErrorCode(out var code, out _) ? code : null,
                relayed,
                relayed6,
                mapped,
                message.TryGetUInt32(StunAttributeType.Lifetime, out var lifetime) ? lifetime : null,
                message.TryGetUInt64(StunAttributeType.ReservationToken, out var token) ? token : null,
                message.TryGetAttribute(StunAttributeType.Nonce, out var nonce) ? nonce.ToArray() : null);
        }
    }
}
