namespace WebRtcCore.Sdp;

/// <summary><c>a=group:&lt;semantics&gt; &lt;mid&gt;...</c>: m-lines that belong together (RFC 5888 5).</summary>
/// <param name="Semantics">For example <c>BUNDLE</c> (RFC 8843) or <c>LS</c>.</param>
/// <param name="Mids">The names of the m-lines.</param>
public sealed record SdpGroup(string Semantics, IReadOnlyList<string> Mids) : ISdpAttribute<SdpGroup>
{
    /// <summary>The semantics of RFC 8843: one transport.</summary>
    public const string Bundle = "BUNDLE";

    /// <inheritdoc/>
    public static string AttributeName => "group";

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SdpGroup? attribute)
    {
        attribute = null;
        if (!IsWellFormed(value))
        {
            return false;
        }

        var reader = new SdpFieldReader(value);
        _ = reader.TryRead(out var semantics);
        var mids = new List<string>();
        while (reader.TryRead(out var mid))
        {
            mids.Add(mid.ToString());
        }

        attribute = new SdpGroup(semantics is Bundle ? Bundle : semantics.ToString(), mids);
        return true;
    }

    /// <inheritdoc/>
    public string ToValue() => string.Join(' ', Mids.Select(mid => SdpText.RequireToken(mid, nameof(Mids))).Prepend(Semantics));

    internal static bool IsWellFormed(ReadOnlySpan<char> value)
    {
        var reader = new SdpFieldReader(value);
        if (!reader.TryRead(out var semantics) || !SdpText.IsToken(semantics))
        {
            return false;
        }

        while (reader.TryRead(out var mid))
        {
            if (!SdpText.IsToken(mid))
            {
                return false;
            }
        }

        return true;
    }
}
