using System.Security.Cryptography;

namespace WebRtcCore.Dtls;

/// <summary>A certificate's hash as signalled in SDP <c>a=fingerprint</c> (RFC 8122 5).</summary>
/// <param name="Algorithm">The hash's name in lower case, for example <c>sha-256</c>. Compared without regard to case.</param>
/// <param name="Value">Upper-case hexadecimal bytes joined by colons. Compared without regard to case.</param>
public sealed record DtlsFingerprint(string Algorithm, string Value)
{
    /// <summary>The fingerprint of a certificate.</summary>
    /// <param name="algorithm"><c>sha-256</c>, <c>sha-384</c> or <c>sha-512</c>, in any case.</param>
    /// <param name="certificate">The certificate in DER.</param>
    /// <exception cref="ArgumentException"><paramref name="algorithm"/> is another one.</exception>
    public static DtlsFingerprint Compute(string algorithm, ReadOnlySpan<byte> certificate)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        if (!TryHash(algorithm, certificate, hash, out var length))
        {
            throw new ArgumentException("Only sha-256, sha-384 and sha-512 are supported.", nameof(algorithm));
        }

        return new DtlsFingerprint(Canonical(algorithm), Format(hash[..length]));
    }

    /// <summary>
    /// Whether this is the fingerprint of <paramref name="certificate"/> (DER). Algorithms weaker than SHA-256 or unknown, and values that are not
    /// hexadecimal, never match. The comparison takes the same time wherever the difference is.
    /// </summary>
    public bool Matches(ReadOnlySpan<byte> certificate)
    {
        Span<byte> expected = stackalloc byte[SHA512.HashSizeInBytes];
        Span<byte> actual = stackalloc byte[SHA512.HashSizeInBytes];
        return TryHash(Algorithm, certificate, actual, out var length)
            && TryParseValue(Value, expected[..length])
            && CryptographicOperations.FixedTimeEquals(expected[..length], actual[..length]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Algorithm} {Value}";

    // RFC 8827 6.5 and RFC 8122 5: SHA-256 must be supported; weaker hashes are not accepted at all.
    private static bool TryHash(string algorithm, ReadOnlySpan<byte> data, Span<byte> destination, out int length)
    {
        length = Canonical(algorithm) switch
        {
            "sha-256" => SHA256.HashData(data, destination),
            "sha-384" => SHA384.HashData(data, destination),
            "sha-512" => SHA512.HashData(data, destination),
            _ => 0,
        };
        return length != 0;
    }

#pragma warning disable CA1308 // SDP writes hash names in lower case.
    private static string Canonical(string algorithm) => algorithm.ToLowerInvariant();
#pragma warning restore CA1308

    private static bool TryParseValue(ReadOnlySpan<char> value, Span<byte> destination)
    {
        if (value.Length != (destination.Length * 3) - 1)
        {
            return false;
        }

        for (var i = 0; i < destination.Length; i++)
        {
            var at = i * 3;
            if (!char.IsAsciiHexDigit(value[at]) || !char.IsAsciiHexDigit(value[at + 1]) || (i > 0 && value[at - 1] != ':'))
            {
                return false;
            }

            destination[i] = (byte)((Nibble(value[at]) << 4) | Nibble(value[at + 1]));
        }

        return true;
    }

    private static int Nibble(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static string Format(ReadOnlySpan<byte> hash)
    {
        var text = new char[(hash.Length * 3) - 1];
        for (var i = 0; i < hash.Length; i++)
        {
            text[i * 3] = "0123456789ABCDEF"[hash[i] >> 4];
            text[(i * 3) + 1] = "0123456789ABCDEF"[hash[i] & 0xF];
            if (i > 0)
            {
                text[(i * 3) - 1] = ':';
            }
        }

        return new string(text);
    }
}
