using System.Numerics;

namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// One chunk of packet statuses. The symbol of a packet is the length of its delta: 0 (not received), 1 (unsigned byte) or 2 (signed
/// 16 bits); 3 is reserved and taken as not received.
/// <code>
/// |0| S |       run length        |   one symbol for many packets
/// |1|0|       14 one-bit symbols  |
/// |1|1|       7 two-bit symbols   |
/// </code>
/// </summary>
internal readonly struct TransportFeedbackChunk(ushort value)
{
    public const int EncodedLength = 2;
    public const int MaxRunLength = 0x1FFF;
    public const int OneBitCapacity = 14;
    public const int TwoBitCapacity = 7;
    private const int ReservedSymbol = 3;

    // 7 two-bit symbols: the lower bit of each.
    private const uint LowBits = 0x1555;

    public ushort Value { get; } = value;

    /// <summary>How many packets the chunk tells about.</summary>
    public int Count => !IsVector ? Value & MaxRunLength : IsTwoBit ? TwoBitCapacity : OneBitCapacity;

    private bool IsVector => (Value & 0x8000) != 0;

    private bool IsTwoBit => (Value & 0x4000) != 0;

    private int RunSymbol => (Value >> 13) & 3;

    public static TransportFeedbackChunk Run(int symbol, int count) => new((ushort)((symbol << 13) | count));

    /// <summary>A chunk of at most 14 symbols of 0 and 1; the rest reads as not received.</summary>
    public static TransportFeedbackChunk OneBit(ReadOnlySpan<byte> symbols)
    {
        var value = 0x8000;
        for (var i = 0; i < symbols.Length; i++)
        {
            value |= symbols[i] << (OneBitCapacity - 1 - i);
        }

        return new TransportFeedbackChunk((ushort)value);
    }

    /// <summary>A chunk of at most 7 symbols; the rest reads as not received.</summary>
    public static TransportFeedbackChunk TwoBit(ReadOnlySpan<byte> symbols)
    {
        var value = 0xC000;
        for (var i = 0; i < symbols.Length; i++)
        {
            value |= symbols[i] << (2 * (TwoBitCapacity - 1 - i));
        }

        return new TransportFeedbackChunk((ushort)value);
    }

    /// <summary>The length of the delta of the packet at <paramref name="index"/>, less than <see cref="Count"/>.</summary>
    public int GetDeltaLength(int index)
    {
        var symbol = !IsVector ? RunSymbol
            : IsTwoBit ? (Value >> (2 * (TwoBitCapacity - 1 - index))) & 3
            : (Value >> (OneBitCapacity - 1 - index)) & 1;
        return symbol == ReservedSymbol ? 0 : symbol;
    }

    /// <summary>The length of the first <paramref name="count"/> packets' deltas together.</summary>
    public int GetDeltasLength(int count)
    {
        if (!IsVector)
        {
            return RunSymbol == ReservedSymbol ? 0 : RunSymbol * count;
        }

        if (!IsTwoBit)
        {
            return BitOperations.PopCount((uint)(Value & 0x3FFF) >> (OneBitCapacity - count));
        }

        var symbols = (uint)(Value & 0x3FFF) >> (2 * (TwoBitCapacity - count));
        var low = symbols & LowBits;
        var high = (symbols >> 1) & LowBits;
        var reserved = low & high;
        return BitOperations.PopCount(low ^ reserved) + (2 * BitOperations.PopCount(high ^ reserved));
    }
}
