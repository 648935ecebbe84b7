using System.Globalization;
using WebRtcCore.Sdp;

namespace WebRtcCore.Session.Negotiation;

/// <summary>Reads the codecs of an m-line: its payload types in order, with what <c>rtpmap</c>, <c>fmtp</c> and <c>rtcp-fb</c> say of each.</summary>
internal static class CodecReader
{
    /// <summary>More kinds of feedback than this of one codec are not taken from a description.</summary>
    private const int MaxFeedback = 32;

    /// <summary>
    /// The codecs of an RTP m-line, best first. Lines for payload types that the m-line does not list are ignored (Firefox sends them);
    /// so are payload types of which nothing is known.
    /// </summary>
    internal static IReadOnlyList<RtpCodecParameters> Read(SdpMedia media)
    {
        var maps = new Dictionary<byte, SdpRtpMap>();
        foreach (var map in media.Attributes.GetAll<SdpRtpMap>())
        {
            maps.TryAdd(map.PayloadType, map);
        }

        var formats = new Dictionary<byte, string>();
        foreach (var format in media.Attributes.GetAll<SdpFormatParameters>())
        {
            formats.TryAdd(format.PayloadType, format.Parameters);
        }

        var feedback = media.Attributes.GetAll<SdpRtcpFeedback>()
            .ToLookup(f => f.PayloadType ?? -1, f => f.Parameter.Length == 0 ? f.Type : $"{f.Type} {f.Parameter}");
        string[] forAll = [.. feedback[-1].Distinct(StringComparer.Ordinal).Take(MaxFeedback)];
        var codecs = new List<RtpCodecParameters>();
        var seen = new HashSet<byte>();
        foreach (var payloadType in media.PayloadTypes)
        {
            if (seen.Add(payloadType) && (maps.TryGetValue(payloadType, out var map) || TryGetStatic(payloadType, out map)) && map.ClockRate <= int.MaxValue)
            {
                var parameters = formats.GetValueOrDefault(payloadType);
                codecs.Add(new RtpCodecParameters($"{media.Kind}/{map.EncodingName}", (int)map.ClockRate, payloadType)
                {
                    Channels = media.Kind == "audio" ? (int)Math.Min(map.Channels ?? 1, int.MaxValue) : null,
                    SdpFmtpLine = string.IsNullOrEmpty(parameters) ? null : parameters,
                    RtcpFeedback = [.. feedback[payloadType].Concat(forAll).Distinct(StringComparer.Ordinal).Take(MaxFeedback)],
                    AssociatedPayloadType = ReadAssociated(map, parameters),
                });
            }
        }

        return codecs;
    }

    // RFC 4588 8.6: apt names the payload type that is repaired.
    private static int? ReadAssociated(SdpRtpMap map, string? parameters) =>
        map.EncodingName.Equals("rtx", StringComparison.OrdinalIgnoreCase) &&
        byte.TryParse(FormatParameters.Find(parameters, "apt"), NumberStyles.None, CultureInfo.InvariantCulture, out var apt) && apt <= SdpLimits.MaxPayloadType
            ? apt
            : null;

    // RFC 3551 6: the static assignments that WebRTC peers leave without rtpmap.
    private static bool TryGetStatic(byte payloadType, out SdpRtpMap map)
    {
        (var known, map) = payloadType switch
        {
            0 => (true, new SdpRtpMap(0, "PCMU", 8_000)),
            8 => (true, new SdpRtpMap(8, "PCMA", 8_000)),
            9 => (true, new SdpRtpMap(9, "G722", 8_000)),
            13 => (true, new SdpRtpMap(13, "CN", 8_000)),
            18 => (true, new SdpRtpMap(18, "G729", 8_000)),
            _ => (false, default),
        };
        return known;
    }
}
