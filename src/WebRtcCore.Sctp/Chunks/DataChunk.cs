using System.Buffers.Binary;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Chunks;

/// <summary>DATA (RFC 9260, 3.3.1), borrowed.</summary>
/// <remarks>
/// <code>
///  |   Type = 0    |  Res  |I|U|B|E|            Length             |
///  |                              TSN                              |
///  |      Stream Identifier        |   Stream Sequence Number      |
///  |                  Payload Protocol Identifier                  |
///  \                           User Data                           \
/// </code>
/// </remarks>
internal readonly ref struct DataChunk
{
    /// <summary>The size of everything before the user data.</summary>
    public const int HeaderLength = 16;

    /// <summary>Last fragment.</summary>
    public const byte EndFlag = 0x01;

    /// <summary>First fragment.</summary>
    public const byte BeginFlag = 0x02;

    /// <summary>Unordered.</summary>
    public const byte UnorderedFlag = 0x04;

    /// <summary>RFC 7053: please acknowledge at once.</summary>
    public const byte ImmediateFlag = 0x08;

    private const int FixedLength = HeaderLength - ChunkView.HeaderLength;
    private readonly ReadOnlySpan<byte> _value;

    private DataChunk(byte flags, ReadOnlySpan<byte> value)
    {
        Flags = flags;
        _value = value;
    }

    /// <summary>The flags.</summary>
    public byte Flags { get; }

    /// <summary>Whether this is the first fragment.</summary>
    public bool IsBegin => (Flags & BeginFlag) != 0;

    /// <summary>Whether this is the last fragment.</summary>
    public bool IsEnd => (Flags & EndFlag) != 0;

    /// <summary>Whether the message is unordered.</summary>
    public bool IsUnordered => (Flags & UnorderedFlag) != 0;

    /// <summary>Whether the sender wants a SACK at once.</summary>
    public bool IsImmediate => (Flags & ImmediateFlag) != 0;

    /// <summary>The transmission sequence number.</summary>
    public Tsn Tsn => new(BinaryPrimitives.ReadUInt32BigEndian(_value));

    /// <summary>The stream.</summary>
    public ushort StreamId => BinaryPrimitives.ReadUInt16BigEndian(_value[4..]);

    /// <summary>The stream sequence number; meaningless if unordered.</summary>
    public ushort StreamSequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_value[6..]);

    /// <summary>The payload protocol identifier.</summary>
    public uint PayloadProtocolId => BinaryPrimitives.ReadUInt32BigEndian(_value[8..]);

    /// <summary>The fragment's bytes; may be empty, which the RFC forbids and the association answers with ABORT.</summary>
    public ReadOnlySpan<byte> Payload => _value[FixedLength..];

    /// <summary>Reads the chunk.</summary>
    public static bool TryParse(ChunkView chunk, out DataChunk data)
    {
        data = default;
        if (chunk.Value.Length < FixedLength)
        {
            return false;
        }

        data = new DataChunk(chunk.Flags, chunk.Value);
        return true;
    }

    /// <summary>Adds a chunk to a packet; the caller has checked that <see cref="HeaderLength"/> and the padded payload fit.</summary>
    public static void Write(ref PacketWriter packet, byte flags, Tsn tsn, ushort streamId, ushort ssn, uint ppid, ReadOnlySpan<byte> payload)
    {
        var value = packet.AddChunk(ChunkType.Data, flags, FixedLength + payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(value, tsn.Value);
        BinaryPrimitives.WriteUInt16BigEndian(value[4..], streamId);
        BinaryPrimitives.WriteUInt16BigEndian(value[6..], ssn);
        BinaryPrimitives.WriteUInt32BigEndian(value[8..], ppid);
        payload.CopyTo(value[FixedLength..]);
    }
}
