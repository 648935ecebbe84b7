namespace WebRtcCore.Media.KeyFrames;

/// <summary>The uncompressed header of a VP9 frame (VP9 bitstream, 6.2), as far as the size.</summary>
internal static class Vp9KeyFrame
{
    private const uint FrameMarker = 2;
    private const uint SyncCode = 0x498342;
    private const uint Srgb = 7;

    /// <summary>The size in a key frame; in a superframe of spatial layers, that of the lowest.</summary>
    /// <returns><see langword="false"/> if it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out VideoSize size)
    {
        size = default;
        var bits = new BitReader(frame);
        if (bits.ReadBits(2) != FrameMarker)
        {
            return false;
        }

        var profile = bits.ReadBits(1) | (bits.ReadBits(1) << 1);
        bits.Skip(profile == 3 ? 1 : 0);
        var showsExisting = bits.ReadFlag();
        var isInter = bits.ReadFlag();

        // show_frame, error_resilient_mode
        bits.Skip(2);
        if (showsExisting || isInter || bits.ReadBits(24) != SyncCode)
        {
            return false;
        }

        SkipColor(ref bits, profile);
        size = new VideoSize((int)bits.ReadBits(16) + 1, (int)bits.ReadBits(16) + 1);
        return !bits.IsOverrun;
    }

    private static void SkipColor(ref BitReader bits, uint profile)
    {
        bits.Skip(profile >= 2 ? 1 : 0);
        var hasSubsampling = profile is 1 or 3;
        if (bits.ReadBits(3) != Srgb)
        {
            bits.Skip(hasSubsampling ? 4 : 1);
        }
        else
        {
            bits.Skip(hasSubsampling ? 1 : 0);
        }
    }
}
