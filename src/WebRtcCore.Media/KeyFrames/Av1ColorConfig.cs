namespace WebRtcCore.Media.KeyFrames;

/// <summary>How an AV1 sequence codes its samples (AV1 bitstream, 5.5.2).</summary>
internal readonly record struct Av1ColorConfig(bool IsHighBitDepth, bool IsTwelveBit, bool IsMonochrome, bool SubsamplingX, bool SubsamplingY, uint ChromaSamplePosition)
{
    private const uint Bt709 = 1;
    private const uint Srgb = 13;
    private const uint Identity = 0;

    // What primaries, transfer and matrix are if nothing is said.
    private const uint Unspecified = 2;

    public static Av1ColorConfig Read(ref BitReader bits, uint profile)
    {
        var isHigh = bits.ReadFlag();
        var isTwelve = profile == 2 && isHigh && bits.ReadFlag();
        var isMonochrome = profile != 1 && bits.ReadFlag();
        var (primaries, transfer, matrix) = bits.ReadFlag()
            ? (bits.ReadBits(8), bits.ReadBits(8), bits.ReadBits(8))
            : (Unspecified, Unspecified, Unspecified);
        if (isMonochrome)
        {
            bits.Skip(1);
            return new Av1ColorConfig(isHigh, isTwelve, true, true, true, 0);
        }

        if ((primaries, transfer, matrix) == (Bt709, Srgb, Identity))
        {
            return new Av1ColorConfig(isHigh, isTwelve, false, false, false, 0);
        }

        // color_range
        bits.Skip(1);
        var (x, y) = profile switch
        {
            0 => (true, true),
            1 => (false, false),
            _ when isTwelve => ReadSubsampling(ref bits),
            _ => (true, false),
        };
        return new Av1ColorConfig(isHigh, isTwelve, false, x, y, x && y ? bits.ReadBits(2) : 0);
    }

    private static (bool X, bool Y) ReadSubsampling(ref BitReader bits)
    {
        var x = bits.ReadFlag();
        return (x, x && bits.ReadFlag());
    }
}
