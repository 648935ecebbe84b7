namespace WebRtcCore.Session.Negotiation;

/// <summary>Reads one parameter out of an <c>a=fmtp</c> text of the form <c>name=value;name=value</c>.</summary>
internal static class FormatParameters
{
    /// <summary>The value of a parameter, or <see langword="null"/>. Names do not depend on case.</summary>
    internal static string? Find(string? text, string name)
    {
        if (text is null)
        {
            return null;
        }

        foreach (var range in text.AsSpan().Split(';'))
        {
            var parameter = text.AsSpan()[range].Trim();
            var equals = parameter.IndexOf('=');
            if (equals > 0 && parameter[..equals].TrimEnd().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return parameter[(equals + 1)..].Trim().ToString();
            }
        }

        return null;
    }
}
