using System.Security.Cryptography;
using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Handshake;

/// <summary>
/// Makes cookies that only this association can have made: HMAC-SHA-256 with a key of its own, which changes from time to time (RFC 9260, 5.1.3).
/// </summary>
internal sealed class StateCookieSealer
{
    /// <summary>The length of a sealed cookie.</summary>
    public const int SealedLength = HMACSHA256.HashSizeInBytes + StateCookie.Length;

    private const int KeyLength = 32;
    private readonly IRandomSource _random;
    private readonly TimeSpan _cookieLifetime;
    private byte[] _key;
    private byte[]? _previousKey;
    private Instant? _firstUse;

    /// <summary>Draws a key. It is used for the lifetime of a cookie, and known for as long again at least: two keys are enough.</summary>
    public StateCookieSealer(IRandomSource random, TimeSpan cookieLifetime)
    {
        _random = random;
        _cookieLifetime = cookieLifetime;
        _key = DrawKey();
    }

    /// <summary>Encodes and authenticates a cookie.</summary>
    public byte[] Seal(StateCookie cookie)
    {
        _firstUse ??= cookie.CreatedAt;
        if (cookie.CreatedAt - _firstUse >= _cookieLifetime)
        {
            _previousKey = _key;
            _key = DrawKey();
            _firstUse = cookie.CreatedAt;
        }

        var bytes = new byte[SealedLength];
        var writer = new SpanWriter(bytes.AsSpan(HMACSHA256.HashSizeInBytes));
        cookie.Write(ref writer);
        HMACSHA256.HashData(_key, bytes.AsSpan(HMACSHA256.HashSizeInBytes), bytes);
        return bytes;
    }

    /// <summary>Checks and decodes a cookie; <see langword="false"/> if it was not made here, or with a key of long ago.</summary>
    public bool TryOpen(ReadOnlySpan<byte> bytes, out StateCookie? cookie)
    {
        cookie = null;
        return bytes.Length == SealedLength
            && (IsSealedWith(_key, bytes) || (_previousKey is { } previous && IsSealedWith(previous, bytes)))
            && StateCookie.TryParse(bytes[HMACSHA256.HashSizeInBytes..], out cookie);
    }

    private static bool IsSealedWith(byte[] key, ReadOnlySpan<byte> bytes)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes[HMACSHA256.HashSizeInBytes..], expected);
        return CryptographicOperations.FixedTimeEquals(expected, bytes[..HMACSHA256.HashSizeInBytes]);
    }

    private byte[] DrawKey()
    {
        var key = new byte[KeyLength];
        _random.Fill(key);
        return key;
    }
}
