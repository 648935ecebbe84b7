namespace WebRtcCore.Media.KeyFrames;

/// <summary>What a sequence header of AV1 says (AV1 bitstream, 5.5), as far as a container needs it.</summary>
internal readonly record struct Av1SequenceHeader
{
    private const int SelectScreenContentTools = 2;

    public uint Profile { get; private init; }

    public uint Level { get; private init; }

    public uint Tier { get; private init; }

    public VideoSize Size { get; private init; }

    public Av1ColorConfig Color { get; private init; }

    /// <summary>Reads the payload of the OBU.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Av1SequenceHeader result)
    {
        var bits = new BitReader(payload);
        var profile = bits.ReadBits(3);

        // still_picture
        bits.Skip(1);
        var isReduced = bits.ReadFlag();
        var (level, tier) = isReduced ? (bits.ReadBits(5), 0u) : ReadOperatingPoints(ref bits);
        var size = ReadSize(ref bits);
        SkipTools(ref bits, isReduced);
        result = new Av1SequenceHeader { Profile = profile, Level = level, Tier = tier, Size = size, Color = Av1ColorConfig.Read(ref bits, profile) };
        return !bits.IsOverrun;
    }

    // Level and tier of the first operating point: the whole stream.
    private static (uint Level, uint Tier) ReadOperatingPoints(ref BitReader bits)
    {
        var delayBits = 0;
        var hasDecoderModel = false;
        if (bits.ReadFlag())
        {
            bits.Skip(64);
            if (bits.ReadFlag())
            {
                bits.ReadUnsignedGolomb();
            }

            hasDecoderModel = bits.ReadFlag();
            if (hasDecoderModel)
            {
                delayBits = (int)bits.ReadBits(5) + 1;
                bits.Skip(32 + 5 + 5);
            }
        }

        var hasDisplayDelay = bits.ReadFlag();
        var points = bits.ReadBits(5) + 1;
        (uint Level, uint Tier) first = default;
        for (uint i = 0; i < points && !bits.IsOverrun; i++)
        {
            bits.Skip(12);
            var level = bits.ReadBits(5);
            var tier = level > 7 ? bits.ReadBits(1) : 0;
            if (hasDecoderModel && bits.ReadFlag())
            {
                bits.Skip((2 * delayBits) + 1);
            }

            if (hasDisplayDelay && bits.ReadFlag())
            {
                bits.Skip(4);
            }

            first = i == 0 ? (level, tier) : first;
        }

        return first;
    }

    private static VideoSize ReadSize(ref BitReader bits)
    {
        var widthBits = (int)bits.ReadBits(4) + 1;
        var heightBits = (int)bits.ReadBits(4) + 1;
        return new VideoSize((int)bits.ReadBits(widthBits) + 1, (int)bits.ReadBits(heightBits) + 1);
    }

    private static void SkipTools(ref BitReader bits, bool isReduced)
    {
        if (!isReduced && bits.ReadFlag())
        {
            // Lengths of the frame id.
            bits.Skip(4 + 3);
        }

        // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
        bits.Skip(3);
        if (!isReduced)
        {
            SkipInterTools(ref bits);
        }

        // enable_superres, enable_cdef, enable_restoration
        bits.Skip(3);
    }

    private static void SkipInterTools(ref BitReader bits)
    {
        // enable_interintra_compound, enable_masked_compound, enable_warped_motion, enable_dual_filter
        bits.Skip(4);
        var hasOrderHint = bits.ReadFlag();
        bits.Skip(hasOrderHint ? 2 : 0);
        var choosesScreenContent = bits.ReadFlag();
        var screenContentTools = choosesScreenContent ? SelectScreenContentTools : bits.ReadBits(1);
        if (screenContentTools > 0 && !bits.ReadFlag())
        {
            bits.Skip(1);
        }

        bits.Skip(hasOrderHint ? 3 : 0);
    }
}
