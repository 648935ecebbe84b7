namespace WebRtcCore.Session.Negotiation;

/// <summary>Whether two codecs are the same for negotiation: name, clock rate, channels, and those parameters that name a different format.</summary>
internal static class CodecMatcher
{
    private const string ProfileLevelId = "profile-level-id";
    private const string PacketizationMode = "packetization-mode";
    private const string LevelAsymmetryAllowed = "level-asymmetry-allowed";

    internal static bool IsRtx(RtpCodec codec) => HasName(codec, "rtx");

    internal static bool IsRed(RtpCodec codec) => HasName(codec, "red");

    internal static bool IsFlexFec(RtpCodec codec) => HasName(codec, "flexfec-03");

    internal static bool Matches(RtpCodec left, RtpCodec right) =>
        left.MimeType.Equals(right.MimeType, StringComparison.OrdinalIgnoreCase) &&
        left.ClockRate == right.ClockRate &&
        (left.Channels ?? 1) == (right.Channels ?? 1) &&
        MatchesFormat(left, right);

    /// <summary>
    /// The <c>a=fmtp</c> of an answer: what this side wants to receive, in the terms of the offer. H.264 keeps the offered profile and takes the lower
    /// level unless both sides allow different ones (RFC 6184 8.2.2).
    /// </summary>
    internal static string? AnswerFormat(RtpCodec own, RtpCodec offered)
    {
        if (IsRed(own))
        {
            return offered.SdpFmtpLine;
        }

        if (!HasName(own, "H264") || !H264ProfileLevelId.TryParse(FormatParameters.Find(own.SdpFmtpLine, ProfileLevelId), out var ownId) ||
            !H264ProfileLevelId.TryParse(FormatParameters.Find(offered.SdpFmtpLine, ProfileLevelId), out var offeredId))
        {
            return own.SdpFmtpLine;
        }

        var isAsymmetric = FormatParameters.Find(own.SdpFmtpLine, LevelAsymmetryAllowed) == "1" && FormatParameters.Find(offered.SdpFmtpLine, LevelAsymmetryAllowed) == "1";
        var level = isAsymmetric ? ownId.Level : Math.Min(ownId.Level, offeredId.Level);
        var mode = FormatParameters.Find(offered.SdpFmtpLine, PacketizationMode) ?? "0";
        return $"{LevelAsymmetryAllowed}={(isAsymmetric ? 1 : 0)};{PacketizationMode}={mode};{ProfileLevelId}={offeredId.ToString(level)}";
    }

    private static bool MatchesFormat(RtpCodec left, RtpCodec right) => left.Name.ToUpperInvariant() switch
    {
        "H264" => MatchesH264(left, right),

        // draft-ietf-payload-vp9 6: profile 0 where nothing is said.
        "VP9" => MatchesParameter(left, right, "profile-id", "0"),

        // AV1 RTP specification 7.2.1: profile 0 where nothing is said; tier and level only say how much.
        "AV1" => MatchesParameter(left, right, "profile", "0"),
        _ => true,
    };

    // RFC 6184 8.2.2: profile and packetization mode name the configuration, the level does not.
    private static bool MatchesH264(RtpCodec left, RtpCodec right) =>
        MatchesParameter(left, right, PacketizationMode, "0") &&
        H264ProfileLevelId.TryParse(FormatParameters.Find(left.SdpFmtpLine, ProfileLevelId), out var leftId) &&
        H264ProfileLevelId.TryParse(FormatParameters.Find(right.SdpFmtpLine, ProfileLevelId), out var rightId) &&
        leftId.Profile == rightId.Profile;

    private static bool MatchesParameter(RtpCodec left, RtpCodec right, string name, string defaultValue) =>
        (FormatParameters.Find(left.SdpFmtpLine, name) ?? defaultValue) == (FormatParameters.Find(right.SdpFmtpLine, name) ?? defaultValue);

    private static bool HasName(RtpCodec codec, string name) => codec.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
