namespace WebRtcCore.Primitives;

/// <summary>
/// Serial number arithmetic (RFC 1982): order and distance of counters that wrap around.
/// The only place where wrap-around is decided; sequence numbers, TSNs and SSNs all go through it.
/// </summary>
public static class SerialNumber
{
    /// <summary>Whether <paramref name="left"/> is before <paramref name="right"/>, 16 bit.</summary>
    public static bool IsBefore(ushort left, ushort right) => (short)(left - right) < 0;

    /// <summary>Whether <paramref name="left"/> is after <paramref name="right"/>, 16 bit.</summary>
    public static bool IsAfter(ushort left, ushort right) => (short)(left - right) > 0;

    /// <summary>How far <paramref name="left"/> is ahead of <paramref name="right"/>; negative if it is behind.</summary>
    public static int Distance(ushort left, ushort right) => (short)(left - right);

    /// <summary>Whether <paramref name="left"/> is before <paramref name="right"/>, 32 bit.</summary>
    public static bool IsBefore(uint left, uint right) => (int)(left - right) < 0;

    /// <summary>Whether <paramref name="left"/> is after <paramref name="right"/>, 32 bit.</summary>
    public static bool IsAfter(uint left, uint right) => (int)(left - right) > 0;

    /// <summary>How far <paramref name="left"/> is ahead of <paramref name="right"/>; negative if it is behind.</summary>
    public static int Distance(uint left, uint right) => (int)(left - right);

    /// <summary>
    /// Extends a 16-bit counter to 64 bits: the value congruent to <paramref name="value"/> that is nearest to <paramref name="reference"/>.
    /// Never negative.
    /// </summary>
    public static long Unwrap(ushort value, long reference)
    {
        var unwrapped = reference + (short)(value - (ushort)reference);
        return unwrapped < 0 ? unwrapped + 0x1_0000 : unwrapped;
    }

    /// <summary>
    /// Extends a 32-bit counter to 64 bits: the value congruent to <paramref name="value"/> that is nearest to <paramref name="reference"/>.
    /// Never negative.
    /// </summary>
    public static long Unwrap(uint value, long reference)
    {
        var unwrapped = reference + (int)(value - (uint)reference);
        return unwrapped < 0 ? unwrapped + 0x1_0000_0000 : unwrapped;
    }
}
