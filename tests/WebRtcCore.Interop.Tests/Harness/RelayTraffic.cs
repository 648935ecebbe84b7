namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>What a datagram carries, told by its first bytes (RFC 7983, RFC 5761 4): for losses that are to hit one kind of traffic only.</summary>
internal static class RelayTraffic
{
    /// <summary>DTLS, and in it the data channels.</summary>
    public static bool IsDtls(ReadOnlySpan<byte> datagram) => datagram is [>= 20 and <= 63, ..];

    /// <summary>Encrypted RTP: retransmissions too, RTCP not.</summary>
    public static bool IsRtp(ReadOnlySpan<byte> datagram) => IsMedia(datagram) && !IsRtcpType(datagram[1]);

    /// <summary>Encrypted RTCP.</summary>
    public static bool IsRtcp(ReadOnlySpan<byte> datagram) => IsMedia(datagram) && IsRtcpType(datagram[1]);

    private static bool IsMedia(ReadOnlySpan<byte> datagram) => datagram is [>= 128 and <= 191, _, ..];

    private static bool IsRtcpType(byte second) => second is >= 192 and <= 223;
}
