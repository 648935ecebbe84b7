#pragma warning disable CA1707 // The underscore separates the tag's length from the hash's name, as in the registered names.
namespace WebRtcCore.Srtp;

/// <summary>An SRTP protection profile: which cipher and tag protect the packets (RFC 5764, 4.1.2; RFC 7714, 14.2).</summary>
public enum SrtpProfile
{
    /// <summary>AES-128 in counter mode, HMAC-SHA1 with an 80-bit tag.</summary>
    Aes128CmHmacSha1_80,

    /// <summary>AES-128 in counter mode, HMAC-SHA1 with a 32-bit tag on RTP and an 80-bit tag on RTCP.</summary>
    Aes128CmHmacSha1_32,

    /// <summary>AES-128 in Galois/counter mode with a 128-bit tag.</summary>
    AeadAes128Gcm,

    /// <summary>AES-256 in Galois/counter mode with a 128-bit tag.</summary>
    AeadAes256Gcm,
}
