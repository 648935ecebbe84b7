using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Chunks;

/// <summary>PAD (RFC 4820, 3): makes a packet longer. Who does not know it skips it without a word, as its type asks.</summary>
/// <remarks>
/// <code>
///  |  Type = 0x84  |   Flags = 0   |            Length             |
///  \                         Padding Data                          \
/// </code>
/// </remarks>
internal static class PadChunk
{
    /// <summary>Adds a chunk of <paramref name="length"/> bytes, a multiple of four; less than a chunk header adds nothing.</summary>
    public static void Write(ref PacketWriter packet, int length)
    {
        if (length >= ChunkView.HeaderLength)
        {
            packet.AddChunk(ChunkType.Padding, 0, length - ChunkView.HeaderLength).Clear();
        }
    }
}
