using WebRtcCore.Primitives;

namespace WebRtcCore.Diagnostics;

/// <summary>What may be logged of addresses and user name fragments: enough to tell two apart, not enough to find someone.</summary>
internal static class Redact
{
    /// <summary>An address with its host part hidden.</summary>
    public static RedactedAddress Address(in TransportAddress address) => new(address);

    /// <summary>A path with both host parts hidden.</summary>
    public static RedactedPath Path(in NetworkPath path) => new(path);

    /// <summary>The first two characters of a user name fragment.</summary>
    public static string UsernameFragment(string? fragment) => fragment is null ? "none" : string.Concat(fragment.AsSpan(0, Math.Min(2, fragment.Length)), "..");
}
