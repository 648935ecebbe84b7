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
    /// <summary>
    /// RFC 6525 3.1: whether the parameters are a combination that a chunk may have, in any order. <see langword="true"/> for a malformed list too: that is found where
    /// it is read.
    /// </summary>
    public static bool HasKnownCombination(ChunkView chunk)
    {
        var parameters = new TlvReader(chunk.Value);
        var first = parameters.TryRead(out var one) ? one.Type : (ushort)0;
        var second = parameters.TryRead(out var two) ? two.Type : (ushort)0;
        if (parameters.TryRead(out _))
        {
            return false;
        }

        return !parameters.IsAtEnd || (Math.Min(first, second), Math.Max(first, second)) switch
        {
            (0, >= ParameterType.OutgoingResetRequest and <= ParameterType.AddIncomingStreamsRequest) => true,
            (ParameterType.OutgoingResetRequest, ParameterType.IncomingResetRequest or ParameterType.ReconfigurationResponse) => true,
            (ParameterType.ReconfigurationResponse, ParameterType.ReconfigurationResponse) => true,
            (ParameterType.AddOutgoingStreamsRequest, ParameterType.AddIncomingStreamsRequest) => true,
            _ => false,
        };
    }

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
