using System.Text;
using WebRtcCore.Primitives;

namespace WebRtcCore.Ice;

/// <summary>
/// The user name fragment and the password that one agent gives to the other in signalling (RFC 8445, 5.3).
/// <see cref="object.ToString"/> does not reveal the password.
/// </summary>
/// <param name="UsernameFragment">4 to 256 ice-chars (letters, digits, '+', '/').</param>
/// <param name="Password">22 to 256 ice-chars.</param>
public sealed record IceCredentials(string UsernameFragment, string Password)
{
    internal const int MaxLength = 256;
    private const int MinUsernameFragmentLength = 4;
    private const int MinPasswordLength = 22;

    // 48 and 144 bits: more than the 24 and 128 that RFC 8445 5.3 asks for.
    private const int GeneratedUsernameFragmentLength = 8;
    private const int GeneratedPasswordLength = 24;
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>Whether both parts have the length that RFC 8839, 5.4 demands and consist of printable ASCII without space or colon.</summary>
    public bool IsValid =>
        IsToken(UsernameFragment, MinUsernameFragmentLength) && IsToken(Password, MinPasswordLength);

    /// <summary>Draws new credentials.</summary>
    public static IceCredentials Generate(IRandomSource random) => new(
        random.NextString(IceChars, GeneratedUsernameFragmentLength),
        random.NextString(IceChars, GeneratedPasswordLength));

    // The grammar says ice-char only, yet peers in the field use '-' and '_' too; what would break USERNAME or SDP is refused.
    private static bool IsToken(string? text, int minLength) =>
        text is not null && text.Length >= minLength && text.Length <= MaxLength && !text.AsSpan().ContainsAnyExceptInRange('!', '~') && !text.Contains(':');

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("UsernameFragment = ").Append(UsernameFragment);
        return true;
    }
}
