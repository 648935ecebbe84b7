using System.Buffers.Binary;

namespace WebRtcCore.Rtp.Payloads;

/// <summary>Tells from one packet whether a key frame starts in it. Asked for each packet while a forwarder waits for one: no allocation.</summary>
internal static class KeyFrameStart
{
    /// <summary>Whether a key frame starts in a payload.</summary>
    public static bool IsIn(string mimeType, ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return false;
        }

        return mimeType switch
        {
            _ when Is(mimeType, "video/VP8") => IsVp8(payload),
            _ when Is(mimeType, "video/VP9") => Vp9PayloadDescriptor.TryParse(payload, out var vp9) && vp9 is { IsPictureStart: true, IsInterPicture: false },
            _ when Is(mimeType, "video/H264") => IsH264(payload),
            _ when Is(mimeType, "video/H265") => IsH265(payload),
            _ when Is(mimeType, "video/AV1") => (payload[0] & Av1AggregationHeader.NewSequenceBit) != 0,
            _ => mimeType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase),
        };
    }

    private static bool Is(string mimeType, string name) => name.Equals(mimeType, StringComparison.OrdinalIgnoreCase);

    // RFC 6386 9.1: the lowest bit of a frame is 0 for a key frame.
    private static bool IsVp8(ReadOnlySpan<byte> payload) =>
        Vp8PayloadDescriptor.TryParse(payload, out var descriptor) && descriptor.IsFrameStart && payload.Length > descriptor.Length && (payload[descriptor.Length] & 1) == 0;

    private static bool IsH264(ReadOnlySpan<byte> payload)
    {
        const byte FragmentStart = 0x80;
        switch (H264NalUnit.GetType(payload[0]))
        {
            case H264NalUnit.Aggregation:
                for (var rest = payload[1..]; TryTakeUnit(ref rest, out var unit);)
                {
                    if (StartsH264(H264NalUnit.GetType(unit[0])))
                    {
                        return true;
                    }
                }

                return false;
            case H264NalUnit.Fragment:
                return payload.Length > 1 && (payload[1] & FragmentStart) != 0 && StartsH264(H264NalUnit.GetType(payload[1]));
            case var type:
                return StartsH264(type);
        }
    }

    private static bool IsH265(ReadOnlySpan<byte> payload)
    {
        const byte FragmentStart = 0x80;
        switch (H265NalUnit.GetType(payload[0]))
        {
            case H265NalUnit.Aggregation when payload.Length > H265NalUnit.HeaderLength:
                for (var rest = payload[H265NalUnit.HeaderLength..]; TryTakeUnit(ref rest, out var unit);)
                {
                    if (StartsH265(H265NalUnit.GetType(unit[0])))
                    {
                        return true;
                    }
                }

                return false;
            case H265NalUnit.Fragment:
                return payload.Length > H265NalUnit.HeaderLength && (payload[H265NalUnit.HeaderLength] & FragmentStart) != 0
                    && StartsH265(payload[H265NalUnit.HeaderLength] & 0x3F);
            case var type:
                return StartsH265(type);
        }
    }

    // The parameter sets come before the picture, in packets of their own or with it.
    private static bool StartsH264(int type) => type is H264NalUnit.SequenceParameterSet or H264NalUnit.InstantRefreshSlice;

    private static bool StartsH265(int type) => H265NalUnit.IsRandomAccess(type) || type is H265NalUnit.VideoParameterSet or H265NalUnit.SequenceParameterSet;

    private static bool TryTakeUnit(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> unit)
    {
        unit = default;
        if (rest.Length <= sizeof(ushort) || BinaryPrimitives.ReadUInt16BigEndian(rest) is var length && (length == 0 || length > rest.Length - sizeof(ushort)))
        {
            return false;
        }

        unit = rest.Slice(sizeof(ushort), BinaryPrimitives.ReadUInt16BigEndian(rest));
        rest = rest[(sizeof(ushort) + unit.Length)..];
        return true;
    }
}
