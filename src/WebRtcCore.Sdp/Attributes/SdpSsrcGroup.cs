namespace WebRtcCore.Sdp;

/// <summary><c>a=ssrc-group:&lt;semantics&gt; &lt;ssrc&gt;...</c> (RFC 5576 4.2).</summary>
/// <param name="Semantics"><c>FID</c>: a source and its retransmissions (RFC 5888); <c>SIM</c>: simulcast layers; <c>FEC-FR</c>.</param>
/// <param name="Ssrcs">The sources.</param>
public sealed record SdpSsrcGroup(string Semantics, IReadOnlyList<uint> Ssrcs) : ISdpAttribute<SdpSsrcGroup>
{
    /// <summary>A media source followed by its retransmission source.</summary>
    public const string FlowIdentification = "FID";

    /// <summary>A media source followed by the source of its repair packets (RFC 5956 4.3).</summary>
    public const string RepairFlow = "FEC-FR";

    /// <inheritdoc/>
    public static string AttributeName => "ssrc-group";

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SdpSsrcGroup? attribute)
    {
        attribute = null;
        if (!IsWellFormed(value))
        {
            return false;
        }

        var reader = new SdpFieldReader(value);
        _ = reader.TryRead(out var semantics);
        var ssrcs = new List<uint>();
        while (reader.TryReadNumber(out var ssrc))
        {
            ssrcs.Add(ssrc);
        }

        attribute = new SdpSsrcGroup(semantics is FlowIdentification ? FlowIdentification : semantics.ToString(), ssrcs);
        return true;
    }

    /// <inheritdoc/>
    public string ToValue() => Semantics + string.Concat(Ssrcs.Select(s => " " + SdpText.Format(s)));

    internal static bool IsWellFormed(ReadOnlySpan<char> value)
    {
        var reader = new SdpFieldReader(value);
        if (!reader.TryRead(out var semantics) || !SdpText.IsToken(semantics))
        {
            return false;
        }

        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadNumber(out _))
            {
                return false;
            }
        }

        return true;
    }
}
