using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>A received payload that waits for the rest of its frame.</summary>
/// <param name="Bytes">A pooled array with the payload, or <see langword="null"/> for a packet that carries nothing of a frame.</param>
/// <param name="Length">The payload's length.</param>
/// <param name="TimestampTicks">The RTP timestamp.</param>
/// <param name="PayloadType">The payload type.</param>
/// <param name="Marker">The marker bit.</param>
/// <param name="Arrived">When it came in.</param>
/// <param name="Descriptor">The dependency descriptor, if it has one and is the first of its frame.</param>
internal readonly record struct BufferedPayload(byte[]? Bytes, int Length, uint TimestampTicks, PayloadType PayloadType, bool Marker, Instant Arrived, byte[]? Descriptor)
{
    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Span => Bytes.AsSpan(0, Length);

    /// <summary>Whether it belongs to no frame: padding, or a format that is not assembled.</summary>
    public bool IsFiller => Bytes is null;

    /// <summary>Whether two packets belong to one frame.</summary>
    public bool IsSameFrame(in BufferedPayload other) => TimestampTicks == other.TimestampTicks && PayloadType == other.PayloadType;
}
