namespace WebRtcCore.Sctp.Dcep;

/// <summary>DATA_CHANNEL_ACK (RFC 8832, 5.2): a single byte.</summary>
internal static class AckMessage
{
    /// <summary>The message type.</summary>
    public const byte Type = 0x02;

    /// <summary>Whether a control message is an ACK.</summary>
    public static bool Is(ReadOnlySpan<byte> message) => message.Length == 1 && message[0] == Type;
}
