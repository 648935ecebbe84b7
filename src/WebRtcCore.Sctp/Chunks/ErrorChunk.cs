using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;

namespace WebRtcCore.Sctp.Chunks;

/// <summary>ERROR (RFC 9260, 3.3.10): reports that do not end the association.</summary>
/// <remarks>
/// <code>
///  |   Type = 9    | Chunk  Flags  |           Length              |
///  \                   one or more Error Causes                    \
/// </code>
/// </remarks>
internal static class ErrorChunk
{
    /// <summary>Whether the chunk has the cause, in a list that is well-formed up to there.</summary>
    public static bool HasCause(ChunkView chunk, ushort causeCode)
    {
        var causes = new TlvReader(chunk.Value);
        while (causes.TryRead(out var cause))
        {
            if (cause.Type == causeCode)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The chunk with one cause.</summary>
    public static byte[] Encode(ushort causeCode, ReadOnlySpan<byte> information)
    {
        var chunk = EncodedChunk.Create(ChunkType.Error, 0, TlvReader.HeaderLength + information.Length);
        new TlvWriter(EncodedChunk.Value(chunk)).Add(causeCode, information);
        return chunk;
    }
}
