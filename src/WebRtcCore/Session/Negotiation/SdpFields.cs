namespace WebRtcCore.Session.Negotiation;

/// <summary>Checks of single-line texts that come from outside.</summary>
internal static class SdpFields
{
    internal static bool IsOneLine(string text) => text.AsSpan().IndexOfAny('\r', '\n', '\0') < 0;

    internal static bool HasFields(string text, int count) => text.AsSpan().Trim(' ').Count(' ') >= count - 1;
}
