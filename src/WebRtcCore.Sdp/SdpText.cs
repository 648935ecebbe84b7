using System.Buffers;
using System.Globalization;

namespace WebRtcCore.Sdp;

/// <summary>The character classes of RFC 8866 9 and the checks that keep a value from becoming a line of its own.</summary>
internal static class SdpText
{
    // RFC 8866 9: byte-string is anything but NUL, CR and LF.
    private static readonly SearchValues<char> LineBreaks = SearchValues.Create("\0\r\n");

    // RFC 8866 9, token-char: visible ASCII without " ( ) , / : ; < = > ? @ [ \ ]
    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~");

    internal static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExcept(TokenChars) < 0;

    internal static bool IsLineSafe(ReadOnlySpan<char> text) => text.IndexOfAny(LineBreaks) < 0;

    /// <summary>Whether the text is visible ASCII without spaces (RFC 4566 non-ws-string, without its upper half).</summary>
    internal static bool IsVisible(ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExceptInRange('!', '~') < 0;

    /// <summary>Answers <paramref name="value"/> if it can stand in one line.</summary>
    /// <exception cref="ArgumentException">It holds CR, LF or NUL.</exception>
    internal static string RequireLine(string value, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(value, parameterName);
        return IsLineSafe(value) ? value : throw new ArgumentException("An SDP value must not hold CR, LF or NUL.", parameterName);
    }

    /// <summary>Answers <paramref name="value"/> if it is one token.</summary>
    /// <exception cref="ArgumentException">It is empty or holds a character that a token must not.</exception>
    internal static string RequireToken(string value, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(value, parameterName);
        return IsToken(value) ? value : throw new ArgumentException("This must be an SDP token.", parameterName);
    }

    /// <summary>Answers <paramref name="value"/> if it is one field: visible characters without a space.</summary>
    /// <exception cref="ArgumentException">It is empty or holds a space or control character.</exception>
    internal static string RequireField(string value, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(value, parameterName);
        return IsVisible(value) ? value : throw new ArgumentException("This must be visible ASCII without spaces.", parameterName);
    }

    /// <summary>Digits only: no sign, no space; false on overflow.</summary>
    internal static bool TryParseNumber(ReadOnlySpan<char> text, out uint value) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    internal static bool TryParsePort(ReadOnlySpan<char> text, out ushort value) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    internal static bool TryParsePayloadType(ReadOnlySpan<char> text, out byte value) =>
        byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= SdpLimits.MaxPayloadType;

    internal static string Format(long value) => value.ToString(CultureInfo.InvariantCulture);
}
