namespace WebRtcCore.Dtls.Crypto;

/// <summary>One side of an ephemeral Diffie-Hellman exchange; used once.</summary>
internal abstract class KeyExchange : IDisposable
{
    public abstract DtlsGroup Group { get; }

    /// <summary>The own public value as it goes on the wire (RFC 8422 5.4, 5.11).</summary>
    public abstract ReadOnlySpan<byte> PublicValue { get; }

    public static KeyExchange Create(DtlsGroup group, Primitives.IRandomSource random) => group switch
    {
        DtlsGroup.X25519 => new X25519KeyExchange(random),
        DtlsGroup.Secp256r1 or DtlsGroup.Secp384r1 => new NistKeyExchange(group),
        _ => throw new ArgumentOutOfRangeException(nameof(group)),
    };

    /// <summary>Computes the shared secret, or answers <see langword="false"/> if the peer's value is not a valid one. The caller zeroes the secret.</summary>
    public abstract bool TryAgree(ReadOnlySpan<byte> peerPublicValue, out byte[] secret);

    /// <inheritdoc/>
    public abstract void Dispose();
}
