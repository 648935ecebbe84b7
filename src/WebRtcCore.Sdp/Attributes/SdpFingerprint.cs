namespace WebRtcCore.Sdp;

/// <summary><c>a=fingerprint:&lt;hash&gt; &lt;value&gt;</c>: the hash of the sender's certificate (RFC 8122 5).</summary>
/// <param name="Algorithm">The hash function in lower case, for example <c>sha-256</c>.</param>
/// <param name="Value">Pairs of upper-case hexadecimal digits, separated by colons.</param>
public readonly record struct SdpFingerprint(string Algorithm, string Value) : ISdpAttribute<SdpFingerprint>
{
    /// <inheritdoc/>
    public static string AttributeName => "fingerprint";

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, out SdpFingerprint attribute)
    {
        if (!TrySplit(value, out var algorithm, out var hash))
        {
            attribute = default;
            return false;
        }

        attribute = new SdpFingerprint(
            algorithm is "sha-256" ? "sha-256" : algorithm.ToString().ToLowerInvariant(),
            hash.ToString().ToUpperInvariant());
        return true;
    }

    /// <inheritdoc/>
    public string ToValue() => $"{Algorithm} {Value}";

    internal static bool IsWellFormed(ReadOnlySpan<char> value) => TrySplit(value, out _, out _);

    private static bool TrySplit(ReadOnlySpan<char> value, out ReadOnlySpan<char> algorithm, out ReadOnlySpan<char> hash)
    {
        hash = default;
        var reader = new SdpFieldReader(value);
        if (!reader.TryRead(out algorithm) || !reader.TryRead(out hash) || !reader.IsAtEnd || !SdpText.IsToken(algorithm) || hash.Length % 3 != 2)
        {
            return false;
        }

        for (var i = 0; i < hash.Length; i++)
        {
            if (i % 3 == 2 ? hash[i] != ':' : !char.IsAsciiHexDigit(hash[i]))
            {
                return false;
            }
        }

        return true;
    }
}
