using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Testing;

namespace WebRtcCore.Sctp.Tests.Support;

/// <summary>A peer that says exactly what a test tells it to, to a real association.</summary>
internal sealed class ScriptedPeer
{
    public const uint Tag = 0xABCD_0001;
    public const uint Window = 1_000_000;

    private readonly VirtualClock _clock = new();

    public ScriptedPeer(SctpOptions? options = null, Tsn? initialTsn = null, IRandomSource? random = null)
    {
        NextTsn = initialTsn ?? new Tsn(1000);
        Node = random is null ? new AssociationNode(77, options) : new AssociationNode(random, options);
    }

    public delegate void ChunkWriter(ref PacketWriter packet);

    public AssociationNode Node { get; }

    public SctpAssociation Association => Node.Association;

    public Instant Now => _clock.Now;

    public Tsn NextTsn { get; set; }

    /// <summary>The association's tag and first TSN, known after <see cref="Connect"/>.</summary>
    public uint RemoteTag { get; private set; }

    public Tsn RemoteInitialTsn { get; private set; }

    public byte[]? Cookie { get; private set; }

    public InitChunk Init => new()
    {
        InitiateTag = Tag,
        ReceiverWindow = Window,
        OutgoingStreams = 100,
        IncomingStreams = 100,
        InitialTsn = NextTsn,
        SupportsForwardTsn = true,
        SupportedExtensions = IsInterleaving
            ? [(byte)ChunkType.ReConfig, (byte)ChunkType.ForwardTsn, (byte)ChunkType.InterleavedData, (byte)ChunkType.InterleavedForwardTsn]
            : [(byte)ChunkType.ReConfig, (byte)ChunkType.ForwardTsn],
    };

    /// <summary>Whether the peer lists I-DATA.</summary>
    public bool IsInterleaving { get; init; }

    public static ScriptedPeer Connected(SctpOptions? options = null, Tsn? initialTsn = null)
    {
        var peer = new ScriptedPeer(options, initialTsn);
        peer.Connect();
        return peer;
    }

    public static ScriptedPeer Interleaving(SctpOptions? options = null)
    {
        var peer = new ScriptedPeer(options) { IsInterleaving = true };
        peer.Connect();
        return peer;
    }

    public void Connect()
    {
        RequestCookie(Init);
        EchoCookie(RemoteTag, Cookie!);
        Assert.That(Association.State, Is.EqualTo(SctpAssociationState.Established));
        Assert.That(Poll().SelectMany(Types), Does.Contain(ChunkType.CookieAck));
    }

    /// <summary>Sends INIT and remembers what the INIT ACK says.</summary>
    public void RequestCookie(InitChunk init)
    {
        Send(0, (ref PacketWriter packet) => init.Write(ref packet));
        var answer = Poll().Single(packet => Types(packet).Single() == ChunkType.InitAck);
        Assert.That(PacketView.TryParse(answer, out var view), Is.True);
        Assert.That(view.Header.VerificationTag, Is.EqualTo(init.InitiateTag));
        Assert.That(InitChunk.TryParse(view.FirstChunk, out var initAck), Is.True);
        RemoteTag = initAck!.InitiateTag;
        RemoteInitialTsn = initAck.InitialTsn;
        Cookie = initAck.Cookie;
    }

    public void EchoCookie(uint tag, byte[] cookie) =>
        Send(tag, (ref PacketWriter packet) => packet.AddEncoded(EncodedChunk.Create(ChunkType.CookieEcho, 0, cookie)));

    public void Send(ChunkWriter write) => Send(RemoteTag, write);

    public void Send(uint tag, ChunkWriter write)
    {
        var packet = Build(tag, write);
        Deliver(packet);
    }

    public void Send(byte[] encodedChunk) => Send((ref PacketWriter packet) => packet.AddEncoded(encodedChunk));

    public static byte[] Build(uint tag, ChunkWriter write)
    {
        var bytes = new byte[65_000];
        var writer = new PacketWriter(bytes, new CommonHeader(5000, 5000, tag));
        write(ref writer);
        return bytes[..writer.Complete()];
    }

    public void Deliver(byte[] packet)
    {
        Association.HandleDatagram(packet, Now);
        Node.DrainEvents(Now);
    }

    public Tsn SendData(ushort stream, ushort ssn, byte[] payload, byte flags = 3, Tsn? tsn = null)
    {
        var number = tsn ?? NextTsn;
        Send((ref PacketWriter packet) => DataChunk.Write(ref packet, flags, number, stream, ssn, 53, payload));
        NextTsn = tsn is null ? NextTsn.Next : NextTsn;
        return number;
    }

    /// <summary>Sends an I-DATA chunk; flags are those of DATA. What is not the first fragment shows its number in place of an identifier.</summary>
    public Tsn SendInterleaved(ushort stream, uint messageId, uint number, byte[] payload, byte flags = 3, Tsn? tsn = null)
    {
        var used = tsn ?? NextTsn;
        var identifierOrNumber = (flags & DataChunk.BeginFlag) != 0 ? 53 : number;
        Send((ref PacketWriter packet) => InterleavedDataChunk.Write(ref packet, flags, used, stream, messageId, identifierOrNumber, payload));
        NextTsn = tsn is null ? NextTsn.Next : NextTsn;
        return used;
    }

    public void SendSack(Tsn cumulative, uint window = Window, params (ushort Start, ushort End)[] gaps) => Send((ref PacketWriter packet) =>
    {
        var rest = SackChunk.Write(ref packet, cumulative, window, gaps.Length, 0);
        for (var i = 0; i < gaps.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(rest[(4 * i)..], gaps[i].Start);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(rest[((4 * i) + 2)..], gaps[i].End);
        }
    });

    /// <summary>Everything that the association sends now.</summary>
    public List<byte[]> Poll()
    {
        var packets = new List<byte[]>();
        var buffer = new byte[65_000];
        while (Association.TryPollTransmit(buffer, out var transmit))
        {
            packets.Add(buffer[..transmit.Length]);
            Assert.That(packets, Has.Count.LessThan(10_000));
        }

        Node.DrainEvents(Now);
        return packets;
    }

    /// <summary>The chunks of everything that the association sends now.</summary>
    public List<(ChunkType Type, byte Flags, byte[] Value)> PollChunks() => [.. Poll().SelectMany(Chunks)];

    public List<DataSent> PollData() => [.. PollChunks().Where(chunk => chunk.Type == ChunkType.Data).Select(chunk => DataSent.Parse(chunk.Flags, chunk.Value))];

    public List<InterleavedSent> PollInterleaved() =>
        [.. PollChunks().Where(chunk => chunk.Type == ChunkType.InterleavedData).Select(chunk => InterleavedSent.Parse(chunk.Flags, chunk.Value))];

    public static IEnumerable<ChunkType> Types(byte[] packet) => Chunks(packet).Select(chunk => chunk.Type);

    public static List<(ChunkType Type, byte Flags, byte[] Value)> Chunks(byte[] packet)
    {
        Assert.That(PacketView.TryParse(packet, out var view), Is.True);
        Assert.That(view.HasValidChecksum, Is.True);
        var list = new List<(ChunkType, byte, byte[])>();
        var chunks = view.Chunks;
        while (chunks.TryRead(out var chunk))
        {
            list.Add((chunk.Type, chunk.Flags, chunk.Value.ToArray()));
        }

        return list;
    }

    /// <summary>Lets time pass, timers included.</summary>
    public void Advance(TimeSpan duration)
    {
        var end = Now + duration;
        while (Association.NextTimeout is { } next && next <= end)
        {
            _clock.AdvanceTo(next);
            Association.HandleTimeout(Now);
        }

        _clock.AdvanceTo(end);
        Node.DrainEvents(Now);
    }

    /// <summary>An I-DATA chunk that the association has sent.</summary>
    public sealed record InterleavedSent(byte Flags, Tsn Tsn, ushort Stream, uint MessageId, uint IdentifierOrNumber, byte[] Payload)
    {
        public static InterleavedSent Parse(byte flags, byte[] value) => new(
            flags,
            new Tsn(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(value)),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(value.AsSpan(4)),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(value.AsSpan(8)),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(value.AsSpan(12)),
            value[16..]);
    }

    /// <summary>A DATA chunk that the association has sent.</summary>
    public sealed record DataSent(byte Flags, Tsn Tsn, ushort Stream, ushort Ssn, byte[] Payload)
    {
        public static DataSent Parse(byte flags, byte[] value) => new(
            flags,
            new Tsn(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(value)),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(value.AsSpan(4)),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(value.AsSpan(6)),
            value[12..]);
    }
}
