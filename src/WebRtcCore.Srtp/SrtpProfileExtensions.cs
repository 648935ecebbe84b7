namespace WebRtcCore.Srtp;

/// <summary>The lengths that a profile fixes.</summary>
public static class SrtpProfileExtensions
{
    /// <summary>Bytes of the index word that every SRTCP packet carries (RFC 3711, 3.4).</summary>
    internal const int RtcpIndexLength = 4;

    private const int GcmTagLength = 16;
    private const int HmacSha1LongTagLength = 10;
    private const int HmacSha1ShortTagLength = 4;

    /// <summary>Bytes of the master key, and of the cipher's session key.</summary>
    public static int GetKeyLength(this SrtpProfile profile) => profile switch
    {
        SrtpProfile.Aes128CmHmacSha1_80 or SrtpProfile.Aes128CmHmacSha1_32 or SrtpProfile.AeadAes128Gcm => 16,
        SrtpProfile.AeadAes256Gcm => 32,
        _ => throw Unknown(profile),
    };

    /// <summary>Bytes of the master salt, and of the session salt.</summary>
    public static int GetSaltLength(this SrtpProfile profile) => profile switch
    {
        SrtpProfile.Aes128CmHmacSha1_80 or SrtpProfile.Aes128CmHmacSha1_32 => 14,
        SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm => 12,
        _ => throw Unknown(profile),
    };

    /// <summary>How many bytes longer an SRTP packet is than its RTP packet.</summary>
    public static int GetRtpOverhead(this SrtpProfile profile) => profile switch
    {
        SrtpProfile.Aes128CmHmacSha1_80 => HmacSha1LongTagLength,
        SrtpProfile.Aes128CmHmacSha1_32 => HmacSha1ShortTagLength,
        SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm => GcmTagLength,
        _ => throw Unknown(profile),
    };

    /// <summary>How many bytes longer an SRTCP packet is than its RTCP packet.</summary>
    public static int GetRtcpOverhead(this SrtpProfile profile) => profile switch
    {
        // RFC 5764 4.1.2: the short tag is for RTP only; RTCP keeps 80 bits.
        SrtpProfile.Aes128CmHmacSha1_80 or SrtpProfile.Aes128CmHmacSha1_32 => HmacSha1LongTagLength + RtcpIndexLength,
        SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm => GcmTagLength + RtcpIndexLength,
        _ => throw Unknown(profile),
    };

    private static ArgumentOutOfRangeException Unknown(SrtpProfile profile) => new(nameof(profile), profile, "Unknown SRTP profile.");
}
