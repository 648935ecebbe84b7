using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Fec;

/// <summary>A payload with redundancy (RFC 2198): older blocks, then the primary one. A view that borrows the payload.</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |1|  block PT   |  timestamp offset (14)    | block length (10) |  for each older block
/// |0|  block PT   |                                                  for the primary one
/// |  blocks, in the same order ...
/// </code>
/// </remarks>
internal readonly ref struct RedPayload
{
    /// <summary>Bytes of an older block's header.</summary>
    public const int OlderHeaderLength = 4;

    /// <summary>Bytes of the primary block's header.</summary>
    public const int PrimaryHeaderLength = 1;

    /// <summary>The longest older block.</summary>
    public const int MaxOlderLength = 0x3FF;

    /// <summary>The farthest that an older block may lie back, in ticks.</summary>
    public const uint MaxTimestampOffset = 0x3FFF;

    /// <summary>The most older blocks that are read.</summary>
    public const int MaxOlderBlocks = 8;

    private const byte FollowBit = 0x80;

    private readonly ReadOnlySpan<byte> _payload;

    private RedPayload(ReadOnlySpan<byte> payload, int olderCount, int primaryStart)
    {
        _payload = payload;
        OlderCount = olderCount;
        PrimaryStart = primaryStart;
    }

    /// <summary>How many older blocks there are.</summary>
    public int OlderCount { get; }

    /// <summary>Where the primary block starts in the payload.</summary>
    public int PrimaryStart { get; }

    /// <summary>The payload type of the primary block.</summary>
    public PayloadType PrimaryType => new((byte)(_payload[OlderCount * OlderHeaderLength] & 0x7F));

    /// <summary>The primary block.</summary>
    public ReadOnlySpan<byte> Primary => _payload[PrimaryStart..];

    /// <summary>Views a payload.</summary>
    /// <returns><see langword="false"/> if the blocks do not fit in it, or there are too many.</returns>
    public static bool TryParse(ReadOnlySpan<byte> payload, out RedPayload red)
    {
        red = default;
        var reader = new SpanReader(payload);
        var count = 0;
        var length = 0;
        while (reader.TryReadByte(out var first))
        {
            if ((first & FollowBit) == 0)
            {
                if (length > reader.Remaining)
                {
                    return false;
                }

                red = new RedPayload(payload, count, reader.Position + length);
                return true;
            }

            if (++count > MaxOlderBlocks || !reader.TryReadUInt24(out var rest))
            {
                return false;
            }

            length += (int)(rest & MaxOlderLength);
        }

        return false;
    }

    /// <summary>One of the older blocks.</summary>
    /// <param name="index">0 to <see cref="OlderCount"/> - 1, the oldest first.</param>
    /// <param name="payloadType">Its payload type.</param>
    /// <param name="timestampOffset">How many ticks it lies before the packet's timestamp.</param>
    public ReadOnlySpan<byte> GetOlder(int index, out PayloadType payloadType, out uint timestampOffset)
    {
        var start = (OlderCount * OlderHeaderLength) + PrimaryHeaderLength;
        for (var i = 0; i < index; i++)
        {
            start += ReadRest(i) & MaxOlderLength;
        }

        var rest = ReadRest(index);
        payloadType = new PayloadType((byte)(_payload[index * OlderHeaderLength] & 0x7F));
        timestampOffset = (uint)rest >> 10;
        return _payload.Slice(start, rest & MaxOlderLength);
    }

    /// <summary>Writes the header of an older block.</summary>
    public static void WriteOlderHeader(ref SpanWriter writer, PayloadType payloadType, uint timestampOffset, int length)
    {
        writer.WriteByte((byte)(FollowBit | payloadType.Value));
        writer.WriteUInt24((timestampOffset << 10) | (uint)length);
    }

    /// <summary>Writes the header of the primary block.</summary>
    public static void WritePrimaryHeader(ref SpanWriter writer, PayloadType payloadType) => writer.WriteByte((byte)(payloadType.Value & 0x7F));

    private int ReadRest(int index)
    {
        var header = _payload[((index * OlderHeaderLength) + 1)..];
        return (header[0] << 16) | (header[1] << 8) | header[2];
    }
}
