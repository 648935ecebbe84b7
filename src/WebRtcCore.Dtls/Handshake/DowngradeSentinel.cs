namespace WebRtcCore.Dtls.Handshake;

/// <summary>
/// The mark that a server which speaks DTLS 1.3 leaves at the end of its random when it agrees on 1.2 (RFC 8446 4.1.3, RFC 9147 5.1).
/// </summary>
internal static class DowngradeSentinel
{
    private static ReadOnlySpan<byte> ToVersion12 => "DOWNGRD\u0001"u8;

    /// <summary>
    /// Whether a server's answer of 1.2 proves that somebody removed 1.3 from the offer. A client that did not offer 1.3 sees the mark from every
    /// 1.3 server, rightly: then it means nothing.
    /// </summary>
    public static bool IsViolated(bool offeredDtls13, ReadOnlySpan<byte> serverRandom) => offeredDtls13 && serverRandom.EndsWith(ToVersion12);
}
