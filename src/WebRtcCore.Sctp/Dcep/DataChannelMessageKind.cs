namespace WebRtcCore.Sctp.Dcep;

/// <summary>What a message holds (RFC 8831, 6.6).</summary>
public enum DataChannelMessageKind
{
    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Binary,
}
