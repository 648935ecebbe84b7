using System.Buffers.Binary;
using WebRtcCore.Media.KeyFrames;
using WebRtcCore.Rtp.Payloads;

namespace WebRtcCore.Media.Matroska;

/// <summary>The configuration record of H.264 (ISO/IEC 14496-15, 5.3.3.1), and its form of frames: each NAL unit behind its length.</summary>
internal static class AvcConfiguration
{
    private const int PictureParameterSet = 8;
    private const int LengthSize = 4;

    public static TrackConfiguration? TryMake(ReadOnlySpan<byte> frame)
    {
        var units = new List<Range>();
        AnnexB.TryFindUnits(frame, units);
        ReadOnlySpan<byte> sequence = default, picture = default;
        foreach (var range in units)
        {
            var unit = frame[range];
            switch (H264NalUnit.GetType(unit[0]))
            {
                case H264NalUnit.SequenceParameterSet when sequence.IsEmpty:
                    sequence = unit;
                    break;
                case PictureParameterSet when picture.IsEmpty:
                    picture = unit;
                    break;
            }
        }

        return !picture.IsEmpty && sequence.Length <= ushort.MaxValue && picture.Length <= ushort.MaxValue && H264SequenceParameterSet.TryRead(sequence, out var parameters)
            ? new TrackConfiguration(Write(sequence, picture, parameters), parameters.Size)
            : null;
    }

    /// <summary>The frame with lengths in the place of start codes.</summary>
    /// <returns><see langword="false"/> if there are no start codes.</returns>
    public static bool TryConvert(ReadOnlySpan<byte> frame, out byte[] converted)
    {
        var units = new List<Range>();
        converted = [];
        if (!AnnexB.TryFindUnits(frame, units))
        {
            return false;
        }

        var total = 0;
        foreach (var range in units)
        {
            total += LengthSize + range.End.Value - range.Start.Value;
        }

        converted = new byte[total];
        var rest = converted.AsSpan();
        foreach (var range in units)
        {
            var unit = frame[range];
            BinaryPrimitives.WriteInt32BigEndian(rest, unit.Length);
            unit.CopyTo(rest[LengthSize..]);
            rest = rest[(LengthSize + unit.Length)..];
        }

        return true;
    }

    private static byte[] Write(ReadOnlySpan<byte> sequence, ReadOnlySpan<byte> picture, in H264SequenceParameterSet parameters)
    {
        // Version 1, profile, constraints, level, 4-byte lengths, one of each set.
        byte[] record =
        [
            1, sequence[1], sequence[2], sequence[3], 0xFC | (LengthSize - 1), 0xE0 | 1,
            (byte)(sequence.Length >> 8), (byte)sequence.Length, .. sequence,
            1, (byte)(picture.Length >> 8), (byte)picture.Length, .. picture,
        ];
        return !H264SequenceParameterSet.IsHighProfile(sequence[1])
            ? record
            : [.. record, (byte)(0xFC | parameters.ChromaFormat), (byte)(0xF8 | (parameters.LumaBitDepth - 8)), (byte)(0xF8 | (parameters.ChromaBitDepth - 8)), 0];
    }
}
