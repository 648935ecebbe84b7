using System.Buffers.Binary;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Chunks;

/// <summary>I-DATA (RFC 8260, 2.1), borrowed: a fragment that says itself where in which message it belongs. The flags are those of <see cref="DataChunk"/>.</summary>
/// <remarks>
/// <code>
///  |   Type = 64   |  Res  |I|U|B|E|       Length = Variable       |
///  |                              TSN                              |
///  |        Stream Identifier      |           Reserved            |
///  |                      Message Identifier                       |
///  |    Payload Protocol Identifier / Fragment Sequence Number     |
///  \                           User Data                           \
/// </code>
/// </remarks>
internal readonly ref struct InterleavedDataChunk
{
    /// <summary>The size of everything before the user data.</summary>
    public const int HeaderLength = 20;

    private const int FixedLength = HeaderLength - ChunkView.HeaderLength;
    private readonly ReadOnlySpan<byte> _value;

    private InterleavedDataChunk(byte flags, ReadOnlySpan<byte> value)
    {
        Flags = flags;
        _value = value;
    }

    /// <summary>The flags.</summary>
    public byte Flags { get; }

    /// <summary>Whether this is the first fragment.</summary>
    public bool IsBegin => (Flags & DataChunk.BeginFlag) != 0;

    /// <summary>The transmission sequence number.</summary>
    public Tsn Tsn => new(BinaryPrimitives.ReadUInt32BigEndian(_value));

    /// <summary>The stream.</summary>
    public ushort StreamId => BinaryPrimitives.ReadUInt16BigEndian(_value[4..]);

    /// <summary>The message; ordered and unordered messages of a stream are counted apart.</summary>
    public uint MessageId => BinaryPrimitives.ReadUInt32BigEndian(_value[8..]);

    /// <summary>The payload protocol identifier of a first fragment, 0 of any other.</summary>
    public uint PayloadProtocolId => IsBegin ? BinaryPrimitives.ReadUInt32BigEndian(_value[12..]) : 0;

    /// <summary>Which fragment of its message it is; the first has 0.</summary>
    public uint FragmentNumber => IsBegin ? 0 : BinaryPrimitives.ReadUInt32BigEndian(_value[12..]);

    /// <summary>The fragment's bytes; may be empty, which the association answers with ABORT as for DATA.</summary>
    public ReadOnlySpan<byte> Payload => _value[FixedLength..];

    /// <summary>Reads the chunk.</summary>
    public static bool TryParse(ChunkView chunk, out InterleavedDataChunk data)
    {
        data = default;
        if (chunk.Value.Length < FixedLength)
        {
            return false;
        }

        data = new InterleavedDataChunk(chunk.Flags, chunk.Value);
        return true;
    }

    /// <summary>Adds a chunk to a packet; the caller has checked that <see cref="HeaderLength"/> and the padded payload fit.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="flags">The flags.</param>
    /// <param name="tsn">The transmission sequence number.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="identifierOrNumber">The payload protocol identifier of a first fragment, the fragment number of any other.</param>
    /// <param name="payload">The bytes.</param>
    public static void Write(
        ref PacketWriter packet, byte flags, Tsn tsn, ushort streamId, uint messageId, uint identifierOrNumber, ReadOnlySpan<byte> payload)
    {
        var value = packet.AddChunk(ChunkType.InterleavedData, flags, FixedLength + payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(value, tsn.Value);
        BinaryPrimitives.WriteUInt16BigEndian(value[4..], streamId);
        BinaryPrimitives.WriteUInt16BigEndian(value[6..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(value[8..], messageId);
        BinaryPrimitives.WriteUInt32BigEndian(value[12..], identifierOrNumber);
        payload.CopyTo(value[FixedLength..]);
    }
}
