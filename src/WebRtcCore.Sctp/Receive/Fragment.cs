using WebRtcCore.Sctp.Chunks;

namespace WebRtcCore.Sctp.Receive;

/// <summary>What a DATA or I-DATA chunk says about its fragment, without the bytes.</summary>
/// <param name="Flags">The flags of <see cref="DataChunk"/>.</param>
/// <param name="StreamId">The stream.</param>
/// <param name="MessageId">The stream sequence number of DATA, the message identifier of I-DATA.</param>
/// <param name="Number">Which fragment of its message it is; DATA does not say.</param>
/// <param name="PayloadProtocolId">What the message is to the layer above; I-DATA says it in the first fragment only.</param>
internal readonly record struct Fragment(byte Flags, ushort StreamId, uint MessageId, uint Number, uint PayloadProtocolId)
{
    /// <summary>Whether it is the first of its message.</summary>
    public bool IsBegin => (Flags & DataChunk.BeginFlag) != 0;

    /// <summary>Whether it is the last of its message.</summary>
    public bool IsEnd => (Flags & DataChunk.EndFlag) != 0;

    /// <summary>Whether its message is unordered.</summary>
    public bool IsUnordered => (Flags & DataChunk.UnorderedFlag) != 0;

    /// <summary>Whether the peer wants a SACK at once (RFC 7053).</summary>
    public bool IsImmediate => (Flags & DataChunk.ImmediateFlag) != 0;
}
