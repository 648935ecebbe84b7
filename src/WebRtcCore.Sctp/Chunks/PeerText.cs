namespace WebRtcCore.Sctp.Chunks;

/// <summary>Text that a peer chose.</summary>
internal static class PeerText
{
    /// <summary>The text with control characters turned into spaces, fit for a log line.</summary>
    public static string ReplaceControlCharacters(this string text) => string.Create(text.Length, text, static (destination, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            destination[i] = char.IsControl(source[i]) ? ' ' : source[i];
        }
    });
}
