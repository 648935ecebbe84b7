namespace WebRtcCore.Rtp.Payloads;

/// <summary>The byte stream form of H.264: NAL units behind start codes (ITU-T H.264, Annex B).</summary>
internal static class AnnexB
{
    private static ReadOnlySpan<byte> ShortStartCode => [0, 0, 1];

    /// <summary>The start code that is written.</summary>
    public static ReadOnlySpan<byte> StartCode => [0, 0, 0, 1];

    /// <summary>Whether the bytes start with a start code and have a NAL unit behind it.</summary>
    public static bool IsStream(ReadOnlySpan<byte> stream)
    {
        var position = SkipFirstStartCode(stream);
        return position > 0 && TryFindUnit(stream, ref position, out _);
    }

    /// <summary>Finds the NAL units, without their start codes.</summary>
    /// <returns><see langword="false"/> if there are none, or other bytes before the first.</returns>
    public static bool TryFindUnits(ReadOnlySpan<byte> stream, List<Range> units)
    {
        units.Clear();
        var position = SkipFirstStartCode(stream);
        while (position > 0 && TryFindUnit(stream, ref position, out var unit))
        {
            units.Add(unit);
        }

        return units.Count > 0;
    }

    private static int SkipFirstStartCode(ReadOnlySpan<byte> stream)
    {
        var zeros = stream.IndexOfAnyExcept((byte)0);
        return zeros >= 2 && stream[zeros] == 1 ? zeros + 1 : 0;
    }

    // Zero bytes at a unit's end are not its own: they belong to the next start code or are stuffing (B.1.1).
    private static bool TryFindUnit(ReadOnlySpan<byte> stream, ref int position, out Range unit)
    {
        while (position < stream.Length)
        {
            var start = position;
            var next = stream[start..].IndexOf(ShortStartCode);
            var end = next < 0 ? stream.Length : start + next;
            position = next < 0 ? end : end + ShortStartCode.Length;
            var length = stream[start..end].LastIndexOfAnyExcept((byte)0) + 1;
            if (length > 0)
            {
                unit = start..(start + length);
                return true;
            }
        }

        unit = default;
        return false;
    }
}
