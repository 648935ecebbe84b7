using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>The high-dynamic-range part of <see cref="ColorSpace"/> (SMPTE ST 2086, CTA-861.3); all values as on the wire.</summary>
/// <param name="LuminanceMax">The display's greatest luminance in cd/m2.</param>
/// <param name="LuminanceMin">The display's least luminance in 1/10,000 cd/m2.</param>
/// <param name="Red">Chromaticity in 1/50,000: x in the upper 16 bits, y in the lower.</param>
/// <param name="Green">Likewise.</param>
/// <param name="Blue">Likewise.</param>
/// <param name="White">Likewise, the white point.</param>
/// <param name="MaxContentLightLevel">The greatest light level of a pixel in cd/m2.</param>
/// <param name="MaxFrameAverageLightLevel">The greatest mean light level of a frame in cd/m2.</param>
public readonly record struct ColorSpaceMastering(
    ushort LuminanceMax, ushort LuminanceMin, uint Red, uint Green, uint Blue, uint White, ushort MaxContentLightLevel, ushort MaxFrameAverageLightLevel)
{
    internal const int EncodedLength = 24;

    internal static ColorSpaceMastering? Read(ReadOnlySpan<byte> value)
    {
        var reader = new SpanReader(value);
        return reader.TryReadUInt16(out var max) && reader.TryReadUInt16(out var min)
            && reader.TryReadUInt32(out var red) && reader.TryReadUInt32(out var green) && reader.TryReadUInt32(out var blue) && reader.TryReadUInt32(out var white)
            && reader.TryReadUInt16(out var content) && reader.TryReadUInt16(out var average)
            ? new ColorSpaceMastering(max, min, red, green, blue, white, content, average)
            : null;
    }

    internal void Write(ref SpanWriter writer)
    {
        writer.WriteUInt16(LuminanceMax);
        writer.WriteUInt16(LuminanceMin);
        writer.WriteUInt32(Red);
        writer.WriteUInt32(Green);
        writer.WriteUInt32(Blue);
        writer.WriteUInt32(White);
        writer.WriteUInt16(MaxContentLightLevel);
        writer.WriteUInt16(MaxFrameAverageLightLevel);
    }
}
