namespace WebRtcCore.Sctp.Packets;

/// <summary>One chunk of a packet, borrowed from it (RFC 9260, 3.2).</summary>
/// <remarks>
/// <code>
///  |   Chunk Type  |  Chunk Flags  |         Chunk Length          |
///  \                          Chunk Value                          \
/// </code>
/// </remarks>
internal readonly ref struct ChunkView
{
    /// <summary>The size of type, flags and length.</summary>
    public const int HeaderLength = 4;

    internal ChunkView(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The chunk with its header, without padding; at least <see cref="HeaderLength"/> bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The type; values without a name are possible.</summary>
    public ChunkType Type => (ChunkType)Bytes[0];

    /// <summary>The flags.</summary>
    public byte Flags => Bytes[1];

    /// <summary>What follows the header, without padding.</summary>
    public ReadOnlySpan<byte> Value => Bytes[HeaderLength..];
}
