namespace WebRtcCore.Sdp;

/// <summary><c>a=extmap:&lt;id&gt;[/&lt;direction&gt;] &lt;URI&gt; [&lt;attributes&gt;]</c>: an RTP header extension (RFC 8285 5).</summary>
/// <param name="Id">1 to 14 for the one-byte form, to 255 for the two-byte form, 4096 to 4351 where the answerer may choose.</param>
/// <param name="Uri">What the extension is.</param>
/// <param name="Direction">Who may send it; <see langword="null"/> where nothing is said (both).</param>
/// <param name="Attributes">The extension's own parameters; empty where there are none.</param>
public readonly record struct SdpExtensionMap(int Id, string Uri, SdpDirection? Direction = null, string Attributes = "") : ISdpAttribute<SdpExtensionMap>
{
    /// <inheritdoc/>
    public static string AttributeName => "extmap";

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, out SdpExtensionMap attribute)
    {
        if (!TrySplit(value, out var id, out var direction, out var uri, out var attributes))
        {
            attribute = default;
            return false;
        }

        attribute = new SdpExtensionMap(id, uri.ToString(), direction, attributes.IsEmpty ? "" : attributes.ToString());
        return true;
    }

    /// <inheritdoc/>
    public string ToValue()
    {
        var direction = Direction is { } d ? "/" + d.ToName() : "";
        return Attributes.Length == 0 ? $"{Id}{direction} {Uri}" : $"{Id}{direction} {Uri} {Attributes}";
    }

    internal static bool IsWellFormed(ReadOnlySpan<char> value) => TrySplit(value, out _, out _, out _, out _);

    private static bool TrySplit(ReadOnlySpan<char> value, out int id, out SdpDirection? direction, out ReadOnlySpan<char> uri, out ReadOnlySpan<char> attributes)
    {
        id = 0;
        direction = null;
        uri = default;
        attributes = default;
        var reader = new SdpFieldReader(value);
        if (!reader.TryRead(out var first) || !reader.TryRead(out uri))
        {
            return false;
        }

        attributes = reader.Rest;
        var slash = first.IndexOf('/');
        if (slash >= 0)
        {
            if (!SdpDirections.TryParse(first[(slash + 1)..], out var parsed))
            {
                return false;
            }

            direction = parsed;
            first = first[..slash];
        }

        if (!SdpText.TryParseNumber(first, out var number) || number is 0 or > SdpLimits.MaxExtensionId)
        {
            return false;
        }

        id = (int)number;
        return true;
    }
}
