namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>
/// How loud each contributing source of a mixed packet is (RFC 6465, 3): one byte for each, in the order of the packet's list. Borrows the packet.
/// <code>
/// |0|   level 1   |0|   level 2   | ...
/// </code>
/// </summary>
public readonly ref struct CsrcAudioLevels
{
    /// <summary>The most levels: as many as contributing sources.</summary>
    public const int MaxCount = 15;

    private readonly ReadOnlySpan<byte> _levels;

    private CsrcAudioLevels(ReadOnlySpan<byte> levels) => _levels = levels;

    /// <summary>How many levels there are.</summary>
    public int Count => _levels.Length;

    /// <summary>How far one source is below the loudest possible signal: 0 (loudest) to 127 (silence), in -dBov.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public byte this[int index] => (byte)(_levels[index] & 0x7F);

    /// <summary>Reads the value of a header extension element.</summary>
    /// <param name="value">The value.</param>
    /// <param name="csrcCount">How many contributing sources the packet has: what is beyond is padding of the two-byte form.</param>
    /// <param name="levels">The levels.</param>
    public static bool TryParse(ReadOnlySpan<byte> value, int csrcCount, out CsrcAudioLevels levels)
    {
        levels = default;
        if (value.IsEmpty || value.Length < csrcCount || csrcCount > MaxCount)
        {
            return false;
        }

        levels = new CsrcAudioLevels(value[..csrcCount]);
        return true;
    }

    /// <summary>Writes one byte for each level.</summary>
    public static void Write(Span<byte> destination, ReadOnlySpan<byte> levels)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            destination[i] = Math.Min(levels[i], (byte)127);
        }
    }
}
