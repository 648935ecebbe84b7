using WebRtcCore.Sctp.Chunks;

namespace WebRtcCore.Sctp.Receive;

/// <summary>What a DATA chunk says about its fragment, without the bytes.</summary>
internal readonly record struct Fragment(byte Flags, ushort StreamId, ushort StreamSequenceNumber, uint PayloadProtocolId)
{
    /// <summary>Whether it is the first of its message.</summary>
    public bool IsBegin => (Flags & DataChunk.BeginFlag) != 0;

    /// <summary>Whether it is the last of its message.</summary>
    public bool IsEnd => (Flags & DataChunk.EndFlag) != 0;

    /// <summary>Whether its message is unordered.</summary>
    public bool IsUnordered => (Flags & DataChunk.UnorderedFlag) != 0;

    /// <summary>The description of a chunk.</summary>
    public static Fragment Of(in DataChunk chunk) => new(chunk.Flags, chunk.StreamId, chunk.StreamSequenceNumber, chunk.PayloadProtocolId);
}
