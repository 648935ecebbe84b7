using System.Security.Cryptography;
using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Handshake;

/// <summary>Makes cookies that only this association can have made: HMAC-SHA-256 with a key of its own (RFC 9260, 5.1.3).</summary>
internal sealed class StateCookieSealer
{
    /// <summary>The length of a sealed cookie.</summary>
    public const int SealedLength = HMACSHA256.HashSizeInBytes + StateCookie.Length;

    private readonly byte[] _key = new byte[32];

    /// <summary>Draws a key.</summary>
    public StateCookieSealer(IRandomSource random) => random.Fill(_key);

    /// <summary>Encodes and authenticates a cookie.</summary>
    public byte[] Seal(StateCookie cookie)
    {
        var bytes = new byte[SealedLength];
        var writer = new SpanWriter(bytes.AsSpan(HMACSHA256.HashSizeInBytes));
        cookie.Write(ref writer);
        HMACSHA256.HashData(_key, bytes.AsSpan(HMACSHA256.HashSizeInBytes), bytes);
        return bytes;
    }

    /// <summary>Checks and decodes a cookie; <see langword="false"/> if it was not made here.</summary>
    public bool TryOpen(ReadOnlySpan<byte> bytes, out StateCookie? cookie)
    {
        cookie = null;
        if (bytes.Length != SealedLength)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var content = bytes[HMACSHA256.HashSizeInBytes..];
        HMACSHA256.HashData(_key, content, expected);
        return CryptographicOperations.FixedTimeEquals(expected, bytes[..HMACSHA256.HashSizeInBytes]) && StateCookie.TryParse(content, out cookie);
    }
}
