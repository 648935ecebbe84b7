using System.Buffers;

namespace WebRtcCore;

/// <summary>What may stand in an msid: the token characters of RFC 8866, so that nothing given by a caller can add SDP lines.</summary>
internal static class MsidSyntax
{
    private const int MaxLength = 64;

    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~");

    internal static bool IsToken(string value) => value.Length is > 0 and <= MaxLength && !value.AsSpan().ContainsAnyExcept(TokenChars);

    internal static void ThrowIfNotToken(string value, string parameterName)
    {
        if (!IsToken(value))
        {
            throw new ArgumentException("An id has 1 to 64 token characters: no spaces, quotes or line breaks.", parameterName);
        }
    }
}
