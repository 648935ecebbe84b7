namespace WebRtcCore.Rtp.Payloads;

/// <summary>Where in a payload VP8 and VP9 number their pictures; 0 for a number that is not there.</summary>
/// <param name="PictureId">The index of the picture's number.</param>
/// <param name="PictureIdBits">Its bits, 7 or 15: those of the second form follow the M bit, in two bytes.</param>
/// <param name="TemporalBaseIndex">The index of TL0PICIDX.</param>
internal readonly record struct PictureNumberPlaces(int PictureId, int PictureIdBits, int TemporalBaseIndex)
{
    /// <summary>Finds them behind a VP8 descriptor's flags (RFC 7741, 4.2).</summary>
    public static PictureNumberPlaces FindVp8(ReadOnlySpan<byte> payload)
    {
        const byte Extended = 0x80, PictureId = 0x80, TemporalBase = 0x40;
        return Vp8PayloadDescriptor.TryParse(payload, out _) && (payload[0] & Extended) != 0
            ? Find(payload, 2, (payload[1] & PictureId) != 0, 0, (payload[1] & TemporalBase) != 0)
            : default;
    }

    /// <summary>Finds them behind a VP9 descriptor's flags (RFC 9628, 4.2).</summary>
    public static PictureNumberPlaces FindVp9(ReadOnlySpan<byte> payload)
    {
        const byte PictureId = 0x80, Layers = 0x20, Flexible = 0x10;
        return Vp9PayloadDescriptor.TryParse(payload, out _)
            ? Find(payload, 1, (payload[0] & PictureId) != 0, 1, (payload[0] & (Layers | Flexible)) == Layers)
            : default;
    }

    // The descriptor has been parsed: it is as long as its flags say.
    private static PictureNumberPlaces Find(ReadOnlySpan<byte> payload, int start, bool hasPictureId, int between, bool hasTemporalBase)
    {
        const byte Long = 0x80;
        var bits = !hasPictureId ? 0 : (payload[start] & Long) != 0 ? 15 : 7;
        return new PictureNumberPlaces(hasPictureId ? start : 0, bits, hasTemporalBase ? start + ((bits + 1) / 8) + between : 0);
    }
}
