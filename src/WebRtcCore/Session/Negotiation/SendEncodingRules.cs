namespace WebRtcCore.Session.Negotiation;

/// <summary>What W3C asks of the encodings given to <c>addTransceiver</c> (webrtc 5.1).</summary>
internal static class SendEncodingRules
{
    /// <summary>More layers than this are neither sent nor accepted of a peer.</summary>
    internal const int MaxLayers = 8;

    private const int MaxRidLength = 16;

    /// <summary>What addTransceiver makes of encodings: not more than can be sent, a lone one without a rid, and sizes of video where none is given, each half of the next.</summary>
    internal static IReadOnlyList<RtpEncodingParameters> Complete(MediaKind kind, IReadOnlyList<RtpEncodingParameters> encodings)
    {
        var kept = encodings.Take(kind == MediaKind.Audio ? 1 : MaxLayers).ToArray();
        return kept.Length == 1 ? [kept[0] with { Rid = null }] : WithScales(kept);
    }

    /// <summary>W3C webrtc 5.1: where no encoding has a scale, the last one is the whole picture and each before it half the next; where one has, the others are whole.</summary>
    internal static IReadOnlyList<RtpEncodingParameters> WithScales(IReadOnlyList<RtpEncodingParameters> encodings) =>
        encodings.Any(encoding => encoding.ScaleResolutionDownBy is not null)
            ? [.. encodings.Select(encoding => encoding with { ScaleResolutionDownBy = encoding.ScaleResolutionDownBy ?? 1 })]
            : [.. encodings.Select((encoding, i) => encoding with { ScaleResolutionDownBy = 1 << (encodings.Count - 1 - i) })];

    /// <exception cref="ArgumentException">Rids are missing, malformed or equal.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A scale is below one or a frame rate negative.</exception>
    internal static void Check(MediaKind kind, IReadOnlyList<RtpEncodingParameters> encodings)
    {
        var rids = encodings.Select(e => e.Rid).OfType<string>().ToArray();
        if (rids.Length != encodings.Count && (encodings.Count > 1 || rids.Length > 0))
        {
            throw new ArgumentException("Every one of several encodings needs a rid.", nameof(encodings));
        }

        if (!Array.TrueForAll(rids, rid => rid.Length is > 0 and <= MaxRidLength && rid.All(char.IsAsciiLetterOrDigit)))
        {
            throw new ArgumentException("A rid has 1 to 16 letters and digits.", nameof(encodings));
        }

        if (rids.Distinct(StringComparer.Ordinal).Count() != rids.Length)
        {
            throw new ArgumentException("Two encodings have the same rid.", nameof(encodings));
        }

        if (encodings.Any(e => (kind == MediaKind.Video && e.ScaleResolutionDownBy is < 1) || e.MaxFramerate is < 0))
        {
            throw new ArgumentOutOfRangeException(nameof(encodings), "A scale is at least one and a frame rate not negative.");
        }
    }
}
