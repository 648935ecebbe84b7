namespace WebRtcCore.Dtls;

#pragma warning disable CA1707 // The RFC's names end in _80 and _32: the tag's bits.

/// <summary>An SRTP protection profile, by its value in the use_srtp extension (RFC 5764 4.1.2, RFC 7714 14.2).</summary>
public enum SrtpProtectionProfile : ushort
{
    /// <summary>AES-CM with a 128-bit key and HMAC-SHA1 with an 80-bit tag. 60 bytes of keying material.</summary>
    Aes128CmHmacSha1_80 = 0x0001,

    /// <summary>AES-CM with a 128-bit key and HMAC-SHA1 with a 32-bit tag on RTP. 60 bytes of keying material.</summary>
    Aes128CmHmacSha1_32 = 0x0002,

    /// <summary>AES-GCM with a 128-bit key. 56 bytes of keying material.</summary>
    AeadAes128Gcm = 0x0007,

    /// <summary>AES-GCM with a 256-bit key. 88 bytes of keying material.</summary>
    AeadAes256Gcm = 0x0008,
}
