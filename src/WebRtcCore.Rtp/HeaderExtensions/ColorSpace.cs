using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>
/// The colours of a picture (the color-space extension of the WebRTC project); the numbers are those of ITU-T H.273.
/// <code>
/// |   primaries   |   transfer    |    matrix     |0 0|range|h si|v si|
/// |  HDR metadata (24 bytes), optional                                |
/// </code>
/// </summary>
public readonly record struct ColorSpace
{
    /// <summary>The most bytes of the value.</summary>
    public const int MaxEncodedLength = ShortLength + ColorSpaceMastering.EncodedLength;

    private const int ShortLength = 4;

    /// <summary>Colour primaries.</summary>
    public byte Primaries { get; init; }

    /// <summary>Transfer characteristics.</summary>
    public byte Transfer { get; init; }

    /// <summary>Matrix coefficients.</summary>
    public byte Matrix { get; init; }

    /// <summary>0 not known, 1 limited, 2 full, 3 as matrix and transfer say.</summary>
    public byte Range { get; init; }

    /// <summary>Where chroma samples lie, horizontally: 0 not known, 1 collocated, 2 half way.</summary>
    public byte ChromaSitingHorizontal { get; init; }

    /// <summary>Where chroma samples lie, vertically: 0 not known, 1 collocated, 2 half way.</summary>
    public byte ChromaSitingVertical { get; init; }

    /// <summary>What the picture was mastered for; <see langword="null"/> without high dynamic range.</summary>
    public ColorSpaceMastering? Mastering { get; init; }

    /// <summary>Bytes of this value.</summary>
    public int EncodedLength => Mastering is null ? ShortLength : MaxEncodedLength;

    /// <summary>Reads the value of a header extension element.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out ColorSpace space)
    {
        space = default;
        if (value.Length is not (ShortLength or MaxEncodedLength))
        {
            return false;
        }

        ColorSpaceMastering? mastering = value.Length > ShortLength ? ColorSpaceMastering.Read(value[ShortLength..]) : null;
        space = new ColorSpace
        {
            Primaries = value[0],
            Transfer = value[1],
            Matrix = value[2],
            Range = (byte)((value[3] >> 4) & 0x03),
            ChromaSitingHorizontal = (byte)((value[3] >> 2) & 0x03),
            ChromaSitingVertical = (byte)(value[3] & 0x03),
            Mastering = mastering,
        };
        return true;
    }

    /// <summary>Writes <see cref="EncodedLength"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        writer.WriteByte(Primaries);
        writer.WriteByte(Transfer);
        writer.WriteByte(Matrix);
        writer.WriteByte((byte)(((Range & 0x03) << 4) | ((ChromaSitingHorizontal & 0x03) << 2) | (ChromaSitingVertical & 0x03)));
        Mastering?.Write(ref writer);
    }
}
