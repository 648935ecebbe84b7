using WebRtcCore.Media.KeyFrames;
using WebRtcCore.Primitives;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Media.Matroska;

/// <summary>The configuration record of AV1 (AV1 in ISOBMFF, 2.3): four bytes, and the sequence header as an OBU with size.</summary>
/// <remarks>
/// <code>
///  marker 1, version 1 | profile (3), level (5) | tier, high bit depth, twelve bit, monochrome, subsampling x, y, sample position (2) | 0
/// </code>
/// </remarks>
internal static class Av1Configuration
{
    private const byte MarkerAndVersion = 0x81;

    public static TrackConfiguration? TryMake(ReadOnlySpan<byte> frame)
    {
        var reader = new SpanReader(frame);
        while (!reader.IsAtEnd && Av1Obu.TryRead(ref reader, out var obu))
        {
            var payload = frame.Slice(obu.PayloadStart, obu.PayloadLength);
            if (obu.Type == Av1Obu.SequenceHeader && Av1SequenceHeader.TryRead(payload, out var header))
            {
                return new TrackConfiguration(Write(header, obu.Header, payload), header.Size);
            }
        }

        return null;
    }

    /// <summary>The frame without temporal delimiters, which Matroska's timestamps stand for.</summary>
    public static ReadOnlyMemory<byte> StripDelimiter(ReadOnlyMemory<byte> frame)
    {
        var reader = new SpanReader(frame.Span);
        return Av1Obu.TryRead(ref reader, out var first) && first.Type == Av1Obu.TemporalDelimiter ? frame[reader.Position..] : frame;
    }

    private static byte[] Write(in Av1SequenceHeader header, byte obuHeader, ReadOnlySpan<byte> payload)
    {
        var color = header.Color;
        Span<byte> size = stackalloc byte[Leb128.MaxLength];
        var sizeLength = Leb128.Write(size, payload.Length);
        return
        [
            MarkerAndVersion,
            (byte)((header.Profile << 5) | header.Level),
            (byte)((header.Tier << 7) | Bit(color.IsHighBitDepth, 6) | Bit(color.IsTwelveBit, 5) | Bit(color.IsMonochrome, 4)
                | Bit(color.SubsamplingX, 3) | Bit(color.SubsamplingY, 2) | color.ChromaSamplePosition),
            0,
            (byte)((obuHeader & Av1Obu.TypeBits) | Av1Obu.SizeBit),
            .. size[..sizeLength],
            .. payload,
        ];
    }

    private static uint Bit(bool value, int place) => value ? 1u << place : 0;
}
