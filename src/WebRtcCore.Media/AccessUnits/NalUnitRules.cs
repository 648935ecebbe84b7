namespace WebRtcCore.Media.AccessUnits;

/// <summary>What a NAL unit means for the bounds of access units (ITU-T H.264, 7.4.1.2.3; ITU-T H.265, 7.4.2.4.4).</summary>
internal static class NalUnitRules
{
    private const byte FirstSliceBit = 0x80;

    /// <summary>Whether the unit has a part of a picture.</summary>
    public static bool IsSlice(AccessUnitFormat format, ReadOnlySpan<byte> unit) => GetType(format, unit) switch
    {
        >= 1 and <= 5 when format == AccessUnitFormat.H264 => true,
        <= 31 when format == AccessUnitFormat.H265 => true,
        _ => false,
    };

    /// <summary>Whether a decoder can begin with the picture of this slice.</summary>
    public static bool IsRandomAccess(AccessUnitFormat format, ReadOnlySpan<byte> unit) => GetType(format, unit) switch
    {
        5 when format == AccessUnitFormat.H264 => true,
        >= 16 and <= 23 when format == AccessUnitFormat.H265 => true,
        _ => false,
    };

    /// <summary>Whether the unit, coming after a slice, begins another access unit.</summary>
    public static bool BeginsAccessUnit(AccessUnitFormat format, ReadOnlySpan<byte> unit)
    {
        var type = GetType(format, unit);
        if (IsSlice(format, unit))
        {
            // first_mb_in_slice is 0, whose Exp-Golomb code is a single one; or first_slice_segment_in_pic_flag.
            var header = format == AccessUnitFormat.H264 ? 1 : 2;
            return unit.Length > header && (unit[header] & FirstSliceBit) != 0;
        }

        return format == AccessUnitFormat.H264
            ? type is >= 6 and <= 9 or >= 14 and <= 18
            : type is >= 32 and <= 35 or 39 or >= 41 and <= 44 or >= 48 and <= 55;
    }

    private static int GetType(AccessUnitFormat format, ReadOnlySpan<byte> unit) => format == AccessUnitFormat.H264 ? unit[0] & 0x1F : (unit[0] >> 1) & 0x3F;
}
