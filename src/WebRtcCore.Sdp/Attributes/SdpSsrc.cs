namespace WebRtcCore.Sdp;

/// <summary><c>a=ssrc:&lt;ssrc&gt; &lt;attribute&gt;[:&lt;value&gt;]</c> (RFC 5576 4.1).</summary>
/// <param name="Ssrc">The synchronisation source.</param>
/// <param name="Attribute">For example <c>cname</c> or <c>msid</c>; empty where there is none.</param>
/// <param name="Value">The attribute's value, or <see langword="null"/>.</param>
public readonly record struct SdpSsrc(uint Ssrc, string Attribute, string? Value = null) : ISdpAttribute<SdpSsrc>
{
    /// <inheritdoc/>
    public static string AttributeName => "ssrc";

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, out SdpSsrc attribute)
    {
        attribute = default;
        var reader = new SdpFieldReader(value);
        if (!reader.TryReadNumber(out var ssrc))
        {
            return false;
        }

        var rest = reader.Rest;
        var colon = rest.IndexOf(':');
        attribute = colon < 0
            ? new SdpSsrc(ssrc, Name(rest))
            : new SdpSsrc(ssrc, Name(rest[..colon]), rest[(colon + 1)..].ToString());
        return true;
    }

    /// <inheritdoc/>
    public string ToValue() => Value is null ? $"{Ssrc} {Attribute}" : $"{Ssrc} {Attribute}:{Value}";

    internal static bool IsWellFormed(ReadOnlySpan<char> value) => new SdpFieldReader(value).TryReadNumber(out _);

    private static string Name(ReadOnlySpan<char> name) => name switch
    {
        "cname" => "cname",
        "msid" => "msid",
        _ => name.ToString(),
    };
}
