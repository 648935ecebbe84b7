using System.Buffers;
using System.Buffers.Text;

namespace WebRtcCore.Stun;

/// <summary>
/// The front of a nonce that says what the server can do: a fixed text and 24 bits in base64 (RFC 8489, 9.2). It stands in the nonce, which the
/// client repeats under its integrity, so that nobody in between can strip a feature without being noticed.
/// </summary>
public static class StunNonceCookie
{
    /// <summary>How many bytes of the nonce it takes.</summary>
    public const int Length = 13;

    private static ReadOnlySpan<byte> Marker => "obMatJos2"u8;

    /// <summary>Reads the features; false if the nonce is one of an older server.</summary>
    public static bool TryRead(ReadOnlySpan<byte> nonce, out StunSecurityFeatures features)
    {
        features = StunSecurityFeatures.None;
        Span<byte> bits = stackalloc byte[3];
        if (nonce.Length < Length
            || !nonce.StartsWith(Marker)
            || Base64.DecodeFromUtf8(nonce[Marker.Length..Length], bits, out _, out var written) != OperationStatus.Done
            || written != bits.Length)
        {
            return false;
        }

        features = (StunSecurityFeatures)((bits[0] << 16) | (bits[1] << 8) | bits[2]);
        return true;
    }

    /// <summary>Writes the front of a nonce.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    /// <param name="features">What the server can do.</param>
    public static void Write(Span<byte> destination, StunSecurityFeatures features)
    {
        Marker.CopyTo(destination);
        Span<byte> bits = [(byte)((int)features >> 16), (byte)((int)features >> 8), (byte)features];
        Base64.EncodeToUtf8(bits, destination[Marker.Length..Length], out _, out _);
    }
}
