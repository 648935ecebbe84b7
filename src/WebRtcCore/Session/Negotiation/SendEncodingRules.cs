namespace WebRtcCore.Session.Negotiation;

/// <summary>What W3C asks of the encodings given to <c>addTransceiver</c> (webrtc 5.1).</summary>
internal static class SendEncodingRules
{
    private const int MaxRidLength = 16;

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
