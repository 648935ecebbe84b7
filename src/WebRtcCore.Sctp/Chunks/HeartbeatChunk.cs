using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;

namespace WebRtcCore.Sctp.Chunks;

/// <summary>HEARTBEAT and HEARTBEAT ACK (RFC 9260, 3.3.5 and 3.3.6): the ACK gives back the value as it came.</summary>
/// <remarks>
/// <code>
///  |   Type = 4/5  | Chunk Flags   |      Heartbeat Length         |
///  \          Heartbeat Information TLV (Variable-Length)          \
/// </code>
/// </remarks>
internal static class HeartbeatChunk
{
    /// <summary>Reads the heartbeat information; <see langword="false"/> if it is missing.</summary>
    public static bool TryParse(ChunkView chunk, out ReadOnlySpan<byte> information)
    {
        if (new TlvReader(chunk.Value).TryRead(out var parameter) && parameter.Type == ParameterType.HeartbeatInfo)
        {
            information = parameter.Value;
            return true;
        }

        information = default;
        return false;
    }

    /// <summary>A HEARTBEAT with <paramref name="information"/>.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> information)
    {
        var chunk = EncodedChunk.Create(ChunkType.Heartbeat, 0, TlvReader.HeaderLength + information.Length);
        new TlvWriter(EncodedChunk.Value(chunk)).Add(ParameterType.HeartbeatInfo, information);
        return chunk;
    }

    /// <summary>The answer to a HEARTBEAT.</summary>
    public static byte[] EncodeAck(ChunkView heartbeat) => EncodedChunk.Create(ChunkType.HeartbeatAck, 0, heartbeat.Value);
}
