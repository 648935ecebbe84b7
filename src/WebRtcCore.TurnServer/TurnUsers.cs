using WebRtcCore.Stun;

namespace WebRtcCore;

/// <summary>The users of a TURN server: named ones with passwords, and those with time-limited credentials of a web service. Thread-safe.</summary>
public sealed class TurnUsers : ITurnCredentialStore
{
    private readonly Dictionary<string, string> _passwords;
    private readonly string? _secret;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates the users.</summary>
    /// <param name="passwords">The passwords of named users, or <see langword="null"/> for none.</param>
    /// <param name="secret">The secret in common with the service that makes <see cref="TurnRestCredentials"/>, or <see langword="null"/> for none.</param>
    /// <param name="timeProvider">Tells when credentials have expired; the system's if <see langword="null"/>.</param>
    public TurnUsers(IReadOnlyDictionary<string, string>? passwords = null, string? secret = null, TimeProvider? timeProvider = null)
    {
        _passwords = new Dictionary<string, string>(passwords ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        _secret = secret;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public string? FindPassword(string username)
    {
        ArgumentNullException.ThrowIfNull(username);
        if (_passwords.TryGetValue(username, out var password))
        {
            return password;
        }

        return _secret is not null && TurnRestCredentials.TryGetExpiry(username, out var expires) && expires > _timeProvider.GetUtcNow()
            ? TurnRestCredentials.ComputePassword(_secret, username)
            : null;
    }
}
