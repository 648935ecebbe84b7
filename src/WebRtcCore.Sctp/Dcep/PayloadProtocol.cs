namespace WebRtcCore.Sctp.Dcep;

/// <summary>Payload protocol identifiers of data channels (RFC 8831, 8; RFC 8832, 8.1).</summary>
internal static class PayloadProtocol
{
    public const uint Control = 50;
    public const uint Text = 51;
    public const uint Binary = 53;
    public const uint EmptyText = 56;
    public const uint EmptyBinary = 57;

    /// <summary>The identifier of a message. SCTP has no empty messages: an empty one is sent as a zero byte with an identifier of its own (RFC 8831, 6.6).</summary>
    public static uint Of(DataChannelMessageKind kind, bool isEmpty) => kind switch
    {
        DataChannelMessageKind.Text => isEmpty ? EmptyText : Text,
        DataChannelMessageKind.Binary => isEmpty ? EmptyBinary : Binary,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>What an identifier stands for; <see langword="false"/> for those that are no message of an application.</summary>
    public static bool TryGetKind(uint identifier, out DataChannelMessageKind kind, out bool isEmpty)
    {
        kind = identifier is Text or EmptyText ? DataChannelMessageKind.Text : DataChannelMessageKind.Binary;
        isEmpty = identifier is EmptyText or EmptyBinary;
        return identifier is Text or Binary or EmptyText or EmptyBinary;
    }
}
