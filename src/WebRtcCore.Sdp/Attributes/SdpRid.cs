namespace WebRtcCore.Sdp;

/// <summary><c>a=rid:&lt;id&gt; send|recv [&lt;restrictions&gt;]</c> (RFC 8851 4).</summary>
/// <param name="Id">The restriction identifier: letters, digits, and, as seen in practice, hyphen and underscore.</param>
/// <param name="IsSend">Whether the description's sender sends this stream.</param>
/// <param name="Restrictions">For example <c>pt=96;max-width=1280</c>; empty where there are none.</param>
public readonly record struct SdpRid(string Id, bool IsSend, string Restrictions = "") : ISdpAttribute<SdpRid>
{
    /// <inheritdoc/>
    public static string AttributeName => "rid";

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> value, out SdpRid attribute)
    {
        attribute = default;
        var reader = new SdpFieldReader(value);
        if (!TrySplit(ref reader, out var id, out var isSend))
        {
            return false;
        }

        attribute = new SdpRid(id.ToString(), isSend, reader.Rest.ToString());
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The id is not an id.</exception>
    public string ToValue()
    {
        var head = $"{SdpText.RequireToken(Id, nameof(Id))} {(IsSend ? "send" : "recv")}";
        return Restrictions.Length == 0 ? head : $"{head} {Restrictions}";
    }

    internal static bool IsId(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }

    internal static bool IsWellFormed(ReadOnlySpan<char> value)
    {
        var reader = new SdpFieldReader(value);
        return TrySplit(ref reader, out _, out _);
    }

    private static bool TrySplit(ref SdpFieldReader reader, out ReadOnlySpan<char> id, out bool isSend)
    {
        isSend = false;
        if (!reader.TryRead(out id) || !IsId(id) || !reader.TryRead(out var direction))
        {
            return false;
        }

        isSend = direction is "send";
        return isSend || direction is "recv";
    }
}
