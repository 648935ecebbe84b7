namespace WebRtcCore.Session;

/// <summary>Tells the protocols that share a port apart by their first bytes (RFC 7983, RFC 5761).</summary>
internal static class DatagramDemux
{
    private const byte FirstRtcpPacketType = 192;
    private const byte LastRtcpPacketType = 223;

    public static DatagramKind Classify(ReadOnlySpan<byte> datagram) => datagram switch
    {
        [<= 3, ..] => DatagramKind.Stun,
        [>= 20 and <= 63, ..] => DatagramKind.Dtls,
        [>= 64 and <= 79, ..] => DatagramKind.TurnChannel,
        [>= 128 and <= 191, >= FirstRtcpPacketType and <= LastRtcpPacketType, ..] => DatagramKind.Rtcp,
        [>= 128 and <= 191, _, ..] => DatagramKind.Rtp,

        // ZRTP and QUIC have no place here.
        _ => DatagramKind.Unknown,
    };
}
