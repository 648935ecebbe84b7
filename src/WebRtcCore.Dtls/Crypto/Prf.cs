using System.Security.Cryptography;

namespace WebRtcCore.Dtls.Crypto;

/// <summary>The pseudo-random function of TLS 1.2 (RFC 5246 5): P_hash over label and seed, with the cipher suite's hash.</summary>
internal static class Prf
{
    /// <summary>Fills <paramref name="output"/> with PRF(secret, label, seed1 + seed2).</summary>
    public static void Derive(
        HashAlgorithmName hash,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> seed1,
        ReadOnlySpan<byte> seed2,
        Span<byte> output)
    {
        using var hmac = IncrementalHash.CreateHMAC(hash, secret);
        Span<byte> chain = stackalloc byte[SHA512.HashSizeInBytes];
        Span<byte> block = stackalloc byte[SHA512.HashSizeInBytes];
        chain = chain[..hmac.HashLengthInBytes];
        block = block[..hmac.HashLengthInBytes];

        // A(1) = HMAC(secret, seed); A(i) = HMAC(secret, A(i - 1)); output = HMAC(secret, A(1) + seed) + HMAC(secret, A(2) + seed) + ...
        AppendSeed(hmac, label, seed1, seed2);
        hmac.GetHashAndReset(chain);
        while (!output.IsEmpty)
        {
            hmac.AppendData(chain);
            AppendSeed(hmac, label, seed1, seed2);
            hmac.GetHashAndReset(block);
            var count = Math.Min(block.Length, output.Length);
            block[..count].CopyTo(output);
            output = output[count..];
            hmac.AppendData(chain);
            hmac.GetHashAndReset(chain);
        }

        CryptographicOperations.ZeroMemory(chain);
        CryptographicOperations.ZeroMemory(block);
    }

    private static void AppendSeed(IncrementalHash hmac, ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed1, ReadOnlySpan<byte> seed2)
    {
        hmac.AppendData(label);
        hmac.AppendData(seed1);
        hmac.AppendData(seed2);
    }
}
