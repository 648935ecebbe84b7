namespace WebRtcCore.Rtp.Payloads;

/// <summary>
/// The first byte of an AV1 payload (RTP Payload Format for AV1, 4.4): Z, Y, W (2 bits), N and three reserved bits. Behind it are OBU elements, each with its
/// length in leb128 before it; if W tells their number, the last has none.
/// </summary>
internal static class Av1AggregationHeader
{
    /// <summary>Z: the first element goes on with an OBU of the packet before.</summary>
    public const byte ContinuationBit = 0x80;

    /// <summary>Y: the last element goes on in the packet behind.</summary>
    public const byte ContinuedBit = 0x40;

    /// <summary>N: a coded video sequence starts here.</summary>
    public const byte NewSequenceBit = 0x08;

    /// <summary>W = 1: one element, without a length.</summary>
    public const byte OneElement = 0x10;

    /// <summary>How many elements there are, or 0 if each has its length.</summary>
    public static int GetElementCount(byte header) => (header >> 4) & 0x03;
}
