namespace WebRtcCore.Dns;

/// <summary>Sizes and bits of DNS messages (RFC 1035, 4.1; RFC 6762, 18).</summary>
internal static class DnsFormat
{
    public const int HeaderLength = 12;

    /// <summary>A question's type and class.</summary>
    public const int QuestionTailLength = 4;

    /// <summary>A record's type, class, time to live and data length.</summary>
    public const int RecordTailLength = 10;

    public const int MaxLabelLength = 63;

    /// <summary>The longest name with its length bytes and the root's zero (RFC 1035, 2.3.4).</summary>
    public const int MaxNameLength = 255;

    public const ushort ClassInternet = 1;
    public const ushort ClassAny = 255;

    /// <summary>RFC 6762, 5.4 and 10.2: the class's upper bit is of other use: "answer by unicast" in a question, "this is all" in a record.</summary>
    public const ushort ClassFlag = 0x8000;

    public const ushort ResponseFlag = 0x8000;
    public const ushort OpcodeMask = 0x7800;
    public const ushort AuthoritativeFlag = 0x0400;
    public const ushort TruncatedFlag = 0x0200;
    public const ushort RecursionDesiredFlag = 0x0100;
    public const ushort ResponseCodeMask = 0x000F;
}
