namespace WebRtcCore.Sctp.Send;

/// <summary>What may be in flight before anything is known of a path.</summary>
internal static class InitialCongestionWindow
{
    // RFC 6928 2: ten packets of Ethernet, so that large packets do not make it larger.
    private const int LargestPacket = 1460;

    /// <summary>The window in bytes: so many packets, but of large ones fewer, at least two.</summary>
    public static long Get(int packetSize, int packets) => Math.Min((long)packets * packetSize, Math.Max(2L * packetSize, (long)packets * LargestPacket));
}
