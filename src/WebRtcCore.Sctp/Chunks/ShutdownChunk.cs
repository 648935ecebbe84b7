using System.Buffers.Binary;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Chunks;

/// <summary>SHUTDOWN (RFC 9260, 3.3.8).</summary>
/// <remarks>
/// <code>
///  |   Type = 7    | Chunk  Flags  |      Length = 8               |
///  |                      Cumulative TSN Ack                       |
/// </code>
/// </remarks>
internal static class ShutdownChunk
{
    /// <summary>The length of the whole chunk.</summary>
    public const int Length = 8;

    /// <summary>Reads the chunk.</summary>
    public static bool TryParse(ChunkView chunk, out Tsn cumulativeTsn)
    {
        var isComplete = BinaryPrimitives.TryReadUInt32BigEndian(chunk.Value, out var value);
        cumulativeTsn = new Tsn(value);
        return isComplete;
    }

    /// <summary>Adds the chunk to a packet.</summary>
    public static void Write(ref PacketWriter packet, Tsn cumulativeTsn) =>
        BinaryPrimitives.WriteUInt32BigEndian(packet.AddChunk(ChunkType.Shutdown, 0, sizeof(uint)), cumulativeTsn.Value);
}
