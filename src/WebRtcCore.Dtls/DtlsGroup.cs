namespace WebRtcCore.Dtls;

/// <summary>A key exchange group, by its value on the wire (RFC 8422 5.1.1).</summary>
public enum DtlsGroup : ushort
{
    /// <summary>NIST P-256.</summary>
    Secp256r1 = 0x0017,

    /// <summary>NIST P-384.</summary>
    Secp384r1 = 0x0018,

    /// <summary>X25519 (RFC 7748).</summary>
    X25519 = 0x001D,
}
