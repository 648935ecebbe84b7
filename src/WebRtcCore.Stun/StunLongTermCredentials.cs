using System.Security.Cryptography;
using System.Text;

namespace WebRtcCore.Stun;

/// <summary>
/// The client's side of long-term credentials (RFC 8489, 9.2): a server's challenge (401, 438) gives realm, nonce and perhaps password algorithms;
/// after that requests carry them with an integrity, and responses are verified. Not thread-safe. <see cref="Dispose"/> zeroes the key.
/// </summary>
public sealed class StunLongTermCredentials : IDisposable
{
    /// <summary>What user name, realm, nonce and algorithms may take in a request, in bytes; a challenge that exceeds it is not answered.</summary>
    public const int MaxEncodedLength = 960;

    private const int MaxStaleNonces = 8;
    private readonly string _username;
    private readonly string _password;
    private byte[] _usernameBytes;
    private byte[] _realm = [];
    private byte[] _nonce = [];
    private byte[] _algorithms = [];
    private StunPasswordAlgorithm _algorithm = StunPasswordAlgorithm.Md5;
    private bool _isAnonymous;
    private int _staleNoncesInARow;
    private StunIntegrityKey? _key;

    /// <summary>Takes the credentials; ASCII is used as it is, other text is composed (NFC) and its spaces made plain, as OpaqueString wants it (RFC 8265, 4.2).</summary>
    public StunLongTermCredentials(string username, string password)
    {
        ArgumentNullException.ThrowIfNull(username);
        ArgumentNullException.ThrowIfNull(password);
        _username = Prepare(username);
        _password = Prepare(password);
        _usernameBytes = Encoding.UTF8.GetBytes(_username);
    }

    /// <summary>What to do after a challenge.</summary>
    public enum Outcome
    {
        /// <summary>Send the request again, as a new transaction and with <see cref="AddTo"/>.</summary>
        Retry,

        /// <summary>The server has refused these credentials, or keeps calling nonces stale.</summary>
        Refused,

        /// <summary>The challenge is malformed, too long, or asks for what is not known here; a stripped feature list is such a case too.</summary>
        Unusable,
    }

    /// <summary>Whether a server has challenged: requests carry credentials from then on.</summary>
    public bool IsChallenged => _key is not null;

    /// <summary>Which hash makes the key; MD5 with servers before RFC 8489.</summary>
    public StunPasswordAlgorithm Algorithm => _algorithm;

    /// <summary>Takes an error response with code 401 or 438.</summary>
    /// <param name="response">The response.</param>
    /// <param name="wasAuthenticated">Whether the request had carried these credentials.</param>
    public Outcome HandleChallenge(scoped in StunMessageView response, bool wasAuthenticated)
    {
        if (!response.TryGetErrorCode(out var code, out _)
            || !response.TryGetAttribute(StunAttributeType.Nonce, out var nonce)
            || !response.TryGetAttribute(StunAttributeType.Realm, out var realm))
        {
            return Outcome.Unusable;
        }

        StunNonceCookie.TryRead(nonce, out var features);
        var hasAlgorithms = response.TryGetAttribute(StunAttributeType.PasswordAlgorithms, out var algorithms);
        var algorithm = StunPasswordAlgorithm.Md5;

        // RFC 8489 9.2.5: a nonce that promises algorithms in a response without them has been tampered with.
        if ((features.HasFlag(StunSecurityFeatures.PasswordAlgorithms) && !hasAlgorithms)
            || (hasAlgorithms && !StunPasswordAlgorithms.TryChoose(algorithms, out algorithm))
            || _usernameBytes.Length + realm.Length + nonce.Length + algorithms.Length > MaxEncodedLength)
        {
            return Outcome.Unusable;
        }

        var isSameKey = IsChallenged && realm.SequenceEqual(_realm) && algorithm == _algorithm;

        // RFC 8489 9.2.5: after a 401 the same credentials are not tried twice.
        if (wasAuthenticated && (code == StunErrorCode.Unauthenticated ? isSameKey : ++_staleNoncesInARow > MaxStaleNonces))
        {
            return Outcome.Refused;
        }

        _nonce = nonce.ToArray();
        _algorithms = algorithms.ToArray();
        if (!isSameKey || _isAnonymous != features.HasFlag(StunSecurityFeatures.UsernameAnonymity))
        {
            SetRealm(realm, algorithm, features.HasFlag(StunSecurityFeatures.UsernameAnonymity));
        }

        return Outcome.Retry;
    }

    /// <summary>Ends a request with the credentials and the integrity. Nothing is added before there was a challenge.</summary>
    public void AddTo(ref StunMessageWriter writer)
    {
        if (_key is null)
        {
            return;
        }

        writer.Add(_isAnonymous ? StunAttributeType.UserHash : StunAttributeType.Username, _usernameBytes);
        writer.Add(StunAttributeType.Realm, _realm);
        writer.Add(StunAttributeType.Nonce, _nonce);
        if (_algorithms.Length == 0)
        {
            writer.AddMessageIntegrity(_key);
            return;
        }

        // RFC 8489 9.2.5: the list comes back as it was, under the integrity, with the choice.
        writer.Add(StunAttributeType.PasswordAlgorithms, _algorithms);
        writer.AddPasswordAlgorithms(StunAttributeType.PasswordAlgorithm, _algorithm);
        writer.AddMessageIntegritySha256(_key);
    }

    /// <summary>Whether a response to an authenticated request comes from the server.</summary>
    public bool Verify(scoped in StunMessageView response)
    {
        if (_key is null)
        {
            return false;
        }

        var isProved = _algorithms.Length > 0
            ? response.VerifyMessageIntegritySha256(_key)
            : response.VerifyMessageIntegrity(_key);
        if (isProved)
        {
            _staleNoncesInARow = 0;
        }

        return isProved;
    }

    /// <inheritdoc/>
    public void Dispose() => _key?.Dispose();

    private static string Prepare(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var builder = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            builder.Append(char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.SpaceSeparator ? ' ' : c);
        }

        return builder.ToString().Normalize(NormalizationForm.FormC);
    }

    private void SetRealm(ReadOnlySpan<byte> realm, StunPasswordAlgorithm algorithm, bool isAnonymous)
    {
        _realm = realm.ToArray();
        _algorithm = algorithm;
        _isAnonymous = isAnonymous;
        _key?.Dispose();
        var text = Encoding.UTF8.GetString(_realm);
        _key = StunIntegrityKey.FromLongTermCredential(_username, text, _password, algorithm);
        if (!isAnonymous)
        {
            _usernameBytes = Encoding.UTF8.GetBytes(_username);
            return;
        }

        _usernameBytes = new byte[SHA256.HashSizeInBytes];
        StunIntegrityKey.ComputeUserHash(_username, text, _usernameBytes);
    }
}
