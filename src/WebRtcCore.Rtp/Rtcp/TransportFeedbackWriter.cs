using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>Writes transport-wide feedback. The chunks are chosen as the browsers choose them, so that the bytes are the same.</summary>
public static class TransportFeedbackWriter
{
    private const byte NotReceived = 0;
    private const byte SmallDelta = 1;
    private const byte LargeDelta = 2;

    /// <summary>The most bytes that a packet about <paramref name="statusCount"/> packets can take.</summary>
    public static int GetMaxEncodedLength(int statusCount)
    {
        var chunks = (statusCount + TransportFeedbackChunk.TwoBitCapacity - 1) / TransportFeedbackChunk.TwoBitCapacity;
        return (RtcpFeedback.HeaderLength + TransportFeedback.FixedLength + (chunks * TransportFeedbackChunk.EncodedLength)
            + (statusCount * sizeof(short)) + 3) & ~3;
    }

    /// <summary>Writes a packet.</summary>
    /// <param name="destination">At least <see cref="GetMaxEncodedLength"/> bytes.</param>
    /// <param name="sender">Who reports.</param>
    /// <param name="media">A stream of the transport reported on.</param>
    /// <param name="baseSequenceNumber">The number of the first packet.</param>
    /// <param name="referenceTimeTicks">The reference time in 64 ms; its lower 24 bits count.</param>
    /// <param name="feedbackCount">The number of this feedback packet.</param>
    /// <param name="deltaTicks">One entry per packet: its delta in 250 us, or <see langword="null"/> if it did not arrive.</param>
    /// <returns>The packet's length.</returns>
    public static int Write(
        Span<byte> destination,
        Ssrc sender,
        Ssrc media,
        ushort baseSequenceNumber,
        int referenceTimeTicks,
        byte feedbackCount,
        ReadOnlySpan<short?> deltaTicks)
    {
        // The length in the header is known at the end: everything behind the header comes first.
        var writer = new SpanWriter(destination);
        writer.Reserve(RtcpFeedback.HeaderLength);
        writer.WriteUInt16(baseSequenceNumber);
        writer.WriteUInt16((ushort)deltaTicks.Length);
        writer.WriteUInt24((uint)referenceTimeTicks);
        writer.WriteByte(feedbackCount);
        WriteChunks(ref writer, deltaTicks);
        foreach (var delta in deltaTicks)
        {
            switch (ToSymbol(delta))
            {
                case SmallDelta:
                    writer.WriteByte((byte)delta!.Value);
                    break;
                case LargeDelta:
                    writer.WriteUInt16((ushort)delta!.Value);
                    break;
                default:
                    break;
            }
        }

        var padding = -writer.Position & 3;
        if (padding > 0)
        {
            writer.WriteZeros(padding - 1);
            writer.WriteByte((byte)padding);
        }

        var header = new SpanWriter(destination);
        RtcpFeedback.Write(
            ref header,
            RtcpPacketType.TransportLayerFeedback,
            RtcpFeedback.TransportFeedbackFormat,
            sender,
            media,
            writer.Position,
            hasPadding: padding > 0);
        return writer.Position;
    }

    // Symbols are gathered as long as some chunk can hold them all: one run, 14 symbols without large deltas, or 7 of any kind.
    private static void WriteChunks(ref SpanWriter writer, scoped ReadOnlySpan<short?> deltaTicks)
    {
        Span<byte> symbols = stackalloc byte[TransportFeedbackChunk.OneBitCapacity];
        var count = 0;
        var isRun = true;
        var hasLarge = false;
        foreach (var delta in deltaTicks)
        {
            var symbol = ToSymbol(delta);
            var fits = count < TransportFeedbackChunk.TwoBitCapacity
                || (count < TransportFeedbackChunk.OneBitCapacity && !hasLarge && symbol != LargeDelta)
                || (count < TransportFeedbackChunk.MaxRunLength && isRun && symbols[0] == symbol);
            if (!fits)
            {
                count = WriteFullChunk(ref writer, symbols, count, isRun, ref hasLarge);
                isRun = symbols[..count].IndexOfAnyExcept(count > 0 ? symbols[0] : symbol) < 0;
            }

            isRun = isRun && (count == 0 || symbols[0] == symbol);
            hasLarge |= symbol == LargeDelta;
            if (count < symbols.Length)
            {
                symbols[count] = symbol;
            }

            count++;
        }

        if (count > 0)
        {
            writer.WriteUInt16((isRun ? TransportFeedbackChunk.Run(symbols[0], count)
                : count <= TransportFeedbackChunk.TwoBitCapacity ? TransportFeedbackChunk.TwoBit(symbols[..count])
                : TransportFeedbackChunk.OneBit(symbols[..count])).Value);
        }
    }

    // Writes what has been gathered and returns how many symbols are left over, moved to the front.
    private static int WriteFullChunk(ref SpanWriter writer, scoped Span<byte> symbols, int count, bool isRun, ref bool hasLarge)
    {
        if (isRun)
        {
            writer.WriteUInt16(TransportFeedbackChunk.Run(symbols[0], count).Value);
            hasLarge = false;
            return 0;
        }

        if (count == TransportFeedbackChunk.OneBitCapacity)
        {
            writer.WriteUInt16(TransportFeedbackChunk.OneBit(symbols).Value);
            hasLarge = false;
            return 0;
        }

        writer.WriteUInt16(TransportFeedbackChunk.TwoBit(symbols[..TransportFeedbackChunk.TwoBitCapacity]).Value);
        var left = symbols[TransportFeedbackChunk.TwoBitCapacity..count];
        left.CopyTo(symbols);
        hasLarge = symbols[..left.Length].Contains(LargeDelta);
        return left.Length;
    }

    private static byte ToSymbol(short? delta) => delta switch
    {
        null => NotReceived,
        >= 0 and <= byte.MaxValue => SmallDelta,
        _ => LargeDelta,
    };
}
