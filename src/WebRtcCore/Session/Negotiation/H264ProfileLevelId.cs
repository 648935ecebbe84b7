using System.Globalization;

namespace WebRtcCore.Session.Negotiation;

/// <summary>The <c>profile-level-id</c> of H.264 (RFC 6184 8.1): six hexadecimal digits, of which different ones mean the same profile.</summary>
/// <param name="Profile">What must be equal on both sides.</param>
/// <param name="ProfileBytes">profile_idc and profile-iop as written.</param>
/// <param name="Level">level_idc; ten times the level.</param>
internal readonly record struct H264ProfileLevelId(H264Profile Profile, ushort ProfileBytes, byte Level)
{
    /// <summary>RFC 6184 8.1: Baseline, level 1, where nothing is said.</summary>
    internal static H264ProfileLevelId Default { get; } = new(H264Profile.Baseline, 0x4200, 10);

    internal static bool TryParse(string? text, out H264ProfileLevelId value)
    {
        value = Default;
        if (text is null)
        {
            return true;
        }

        if (text.Length != 6 || !int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var profile = ToProfile((byte)(number >> 16), (byte)(number >> 8));
        value = new H264ProfileLevelId(profile, (ushort)(number >> 8), (byte)number);
        return profile != H264Profile.Unknown;
    }

    /// <summary>Six hexadecimal digits with another level.</summary>
    internal string ToString(byte level) => ((ProfileBytes << 8) | level).ToString("x6", CultureInfo.InvariantCulture);

    // RFC 6184 8.1, table 5: profile_idc and the constraint flags (set0 is the highest bit) of each sub-profile.
    private static H264Profile ToProfile(byte idc, byte iop) => (idc, iop) switch
    {
        (0x42, _) when (iop & 0x4F) == 0x40 => H264Profile.ConstrainedBaseline,
        (0x4D, _) when (iop & 0x8F) == 0x80 => H264Profile.ConstrainedBaseline,
        (0x58, _) when (iop & 0xCF) == 0xC0 => H264Profile.ConstrainedBaseline,
        (0x42, _) when (iop & 0x4F) == 0x00 => H264Profile.Baseline,
        (0x58, _) when (iop & 0xCF) == 0x80 => H264Profile.Baseline,
        (0x4D, _) when (iop & 0xAF) == 0x00 => H264Profile.Main,
        (0x64, 0x00) => H264Profile.High,
        (0x64, 0x0C) => H264Profile.ConstrainedHigh,
        (0xF4, 0x00) => H264Profile.PredictiveHigh444,
        _ => H264Profile.Unknown,
    };
}
