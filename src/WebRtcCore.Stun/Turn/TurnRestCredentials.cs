using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WebRtcCore.Stun;

/// <summary>
/// Time-limited TURN credentials that a web service makes and a TURN server checks with nothing but a secret in common: the user name is
/// <c>expiry:user</c> in Unix seconds, the password HMAC-SHA1 over it in base64 ("A REST API For Access To TURN Services"; coturn's
/// <c>use-auth-secret</c>).
/// </summary>
/// <param name="Username">The user name.</param>
/// <param name="Password">The password.</param>
public sealed record TurnRestCredentials(string Username, string Password)
{
    /// <summary>Makes the credentials of a user.</summary>
    /// <param name="secret">The secret that service and server share.</param>
    /// <param name="user">Whoever it is for; may be empty. It serves quotas and logs, and is not looked up.</param>
    /// <param name="expires">Until when a TURN server accepts them for new allocations.</param>
    public static TurnRestCredentials Create(string secret, string user, DateTimeOffset expires)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        ArgumentNullException.ThrowIfNull(user);
        var seconds = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var username = user.Length == 0 ? seconds : $"{seconds}:{user}";
        return new TurnRestCredentials(username, ComputePassword(secret, username));
    }

    /// <summary>The password that belongs to a user name: what a server compares with.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The scheme is defined with SHA-1; an HMAC does not need collision resistance.")]
    public static string ComputePassword(string secret, string username)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        ArgumentNullException.ThrowIfNull(username);
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(username)));
    }

    /// <summary>Reads when a user name expires; false if it is none of this scheme.</summary>
    public static bool TryGetExpiry(string username, out DateTimeOffset expires)
    {
        ArgumentNullException.ThrowIfNull(username);
        expires = default;
        var colon = username.IndexOf(':', StringComparison.Ordinal);
        var text = username.AsSpan(0, colon < 0 ? username.Length : colon);
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return false;
        }

        expires = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }

    /// <summary>Hides the password.</summary>
    public override string ToString() => $"{nameof(TurnRestCredentials)} {{ Username = {Username} }}";
}
