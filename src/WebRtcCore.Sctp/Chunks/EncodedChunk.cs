using System.Buffers.Binary;
using WebRtcCore.Sctp.Packets;

namespace WebRtcCore.Sctp.Chunks;

/// <summary>Rare chunks are encoded when they become due and wait as bytes for the next packet.</summary>
internal static class EncodedChunk
{
    /// <summary>A chunk with an empty value to be filled.</summary>
    public static byte[] Create(ChunkType type, byte flags, int valueLength)
    {
        var chunk = new byte[ChunkView.HeaderLength + valueLength];
        chunk[0] = (byte)type;
        chunk[1] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(2), (ushort)chunk.Length);
        return chunk;
    }

    /// <summary>A chunk with a value.</summary>
    public static byte[] Create(ChunkType type, byte flags, ReadOnlySpan<byte> value)
    {
        var chunk = Create(type, flags, value.Length);
        value.CopyTo(Value(chunk));
        return chunk;
    }

    /// <summary>The place of the value.</summary>
    public static Span<byte> Value(byte[] chunk) => chunk.AsSpan(ChunkView.HeaderLength);
}
