namespace WebRtcCore.Sctp.Chunks;

/// <summary>An entry of FORWARD TSN or I-FORWARD-TSN: what the receiver need not wait for on one stream.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="IsUnordered">Whether it is about unordered messages; only I-FORWARD-TSN can say so.</param>
/// <param name="LastMessageId">The last message given up: its stream sequence number, or with I-DATA its message identifier.</param>
internal readonly record struct SkippedMessages(ushort StreamId, bool IsUnordered, uint LastMessageId);
