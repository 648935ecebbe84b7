using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;

namespace WebRtcCore.Sctp.Chunks;

/// <summary>RE-CONFIG (RFC 6525, 3.1): one or two parameters.</summary>
/// <remarks>
/// <code>
///  | Type = 130    |  Chunk Flags  |      Chunk Length             |
///  \                  Re-configuration Parameter                   \
///  \             Re-configuration Parameter (optional)             \
/// </code>
/// </remarks>
internal static class ReConfigChunk
{
    /// <summary>The chunk with a request.</summary>
    public static byte[] Encode(OutgoingResetRequest request)
    {
        var chunk = EncodedChunk.Create(ChunkType.ReConfig, 0, TlvReader.HeaderLength + request.ValueLength);
        request.Write(new TlvWriter(EncodedChunk.Value(chunk)).Add(ParameterType.OutgoingResetRequest, request.ValueLength));
        return chunk;
    }

    /// <summary>The chunk with a response.</summary>
    public static byte[] Encode(ReconfigurationResponse response)
    {
        const int Length = ReconfigurationResponse.ValueLength;
        var chunk = EncodedChunk.Create(ChunkType.ReConfig, 0, TlvReader.HeaderLength + Length);
        response.Write(new TlvWriter(EncodedChunk.Value(chunk)).Add(ParameterType.ReconfigurationResponse, Length));
        return chunk;
    }
}
