namespace WebRtcCore.Media.KeyFrames;

/// <summary>What a sequence parameter set of H.264 says (ITU-T H.264, 7.3.2.1.1), as far as a container needs it.</summary>
/// <param name="Size">The picture, cropped.</param>
/// <param name="ChromaFormat">chroma_format_idc.</param>
/// <param name="LumaBitDepth">Bits of a luma sample.</param>
/// <param name="ChromaBitDepth">Bits of a chroma sample.</param>
internal readonly record struct H264SequenceParameterSet(VideoSize Size, uint ChromaFormat, uint LumaBitDepth, uint ChromaBitDepth)
{
    private const int MacroblockSize = 16;
    private const uint MaxMacroblocks = 1024;

    /// <summary>Whether the profile has the fields about chroma, here and in the decoder configuration record.</summary>
    public static bool IsHighProfile(byte profile) => profile is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135;

    /// <summary>Reads a NAL unit with its header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> unit, out H264SequenceParameterSet result)
    {
        result = default;
        if (unit.Length < 4)
        {
            return false;
        }

        var bits = new BitReader(RemoveEmulationPrevention(unit[4..]));
        bits.ReadUnsignedGolomb();
        (uint chroma, uint luma, uint chromaDepth) = (1, 8, 8);
        var isSeparate = false;
        if (IsHighProfile(unit[1]))
        {
            chroma = bits.ReadUnsignedGolomb();
            isSeparate = chroma == 3 && bits.ReadFlag();
            (luma, chromaDepth) = (bits.ReadUnsignedGolomb() + 8, bits.ReadUnsignedGolomb() + 8);
            bits.Skip(1);
            SkipScalingMatrix(ref bits, chroma);
        }

        // log2_max_frame_num_minus4
        bits.ReadUnsignedGolomb();
        SkipPictureOrder(ref bits);

        // max_num_ref_frames, gaps_in_frame_num_value_allowed_flag
        bits.ReadUnsignedGolomb();
        bits.Skip(1);
        var size = ReadSize(ref bits, isSeparate ? 0 : chroma);
        result = new H264SequenceParameterSet(size, chroma, luma, chromaDepth);
        return !bits.IsOverrun && size is { Width: > 0, Height: > 0 };
    }

    // 7.4.1: 0x000003 stands for 0x0000.
    private static byte[] RemoveEmulationPrevention(ReadOnlySpan<byte> unit)
    {
        var result = new List<byte>(unit.Length);
        var zeros = 0;
        foreach (var b in unit)
        {
            if (zeros >= 2 && b == 3)
            {
                zeros = 0;
                continue;
            }

            zeros = b == 0 ? zeros + 1 : 0;
            result.Add(b);
        }

        return [.. result];
    }

    private static void SkipScalingMatrix(ref BitReader bits, uint chroma)
    {
        if (!bits.ReadFlag())
        {
            return;
        }

        var lists = chroma == 3 ? 12 : 8;
        for (var i = 0; i < lists && !bits.IsOverrun; i++)
        {
            if (bits.ReadFlag())
            {
                SkipScalingList(ref bits, i < 6 ? 16 : 64);
            }
        }
    }

    private static void SkipScalingList(ref BitReader bits, int length)
    {
        var (last, next) = (8, 8);
        for (var i = 0; i < length && !bits.IsOverrun; i++)
        {
            if (next != 0)
            {
                next = (last + bits.ReadSignedGolomb() + 256) % 256;
            }

            last = next == 0 ? last : next;
        }
    }

    private static void SkipPictureOrder(ref BitReader bits)
    {
        switch (bits.ReadUnsignedGolomb())
        {
            case 0:
                bits.ReadUnsignedGolomb();
                break;
            case 1:
                bits.Skip(1);
                bits.ReadSignedGolomb();
                bits.ReadSignedGolomb();
                var count = bits.ReadUnsignedGolomb();
                for (uint i = 0; i < count && !bits.IsOverrun; i++)
                {
                    bits.ReadSignedGolomb();
                }

                break;
        }
    }

    private static VideoSize ReadSize(ref BitReader bits, uint chroma)
    {
        var width = bits.ReadUnsignedGolomb() + 1;
        var height = bits.ReadUnsignedGolomb() + 1;
        var isFrameOnly = bits.ReadFlag();
        bits.Skip(isFrameOnly ? 1 : 2);
        if (width > MaxMacroblocks || height > MaxMacroblocks)
        {
            return default;
        }

        var fieldFactor = isFrameOnly ? 1 : 2;
        var (cropX, cropY) = (0L, 0L);
        if (bits.ReadFlag())
        {
            long left = bits.ReadUnsignedGolomb(), right = bits.ReadUnsignedGolomb(), top = bits.ReadUnsignedGolomb(), bottom = bits.ReadUnsignedGolomb();
            cropX = (left + right) * (chroma is 1 or 2 ? 2 : 1);
            cropY = (top + bottom) * (chroma == 1 ? 2 : 1) * fieldFactor;
        }

        long w = (width * MacroblockSize) - cropX, h = (height * MacroblockSize * fieldFactor) - cropY;
        return w > 0 && h > 0 ? new VideoSize((int)w, (int)h) : default;
    }
}
