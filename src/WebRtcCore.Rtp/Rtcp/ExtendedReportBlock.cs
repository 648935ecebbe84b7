namespace WebRtcCore.Rtp.Rtcp;

/// <summary>
/// One block of an extended report (RFC 3611, 3). Borrows the datagram.
/// <code>
/// |      BT       | type-specific |         block length          |
/// :             type-specific block contents                      :
/// </code>
/// </summary>
public readonly ref struct ExtendedReportBlock
{
    /// <summary>The block type of <see cref="ReceiverReferenceTime"/>.</summary>
    public const byte ReceiverReferenceTimeType = 4;

    /// <summary>The block type of <see cref="DelaySinceLastReceiverReport"/>.</summary>
    public const byte DelaySinceLastReceiverReportType = 5;

    /// <summary>Bytes before a block's contents.</summary>
    internal const int HeaderLength = 4;

    internal ExtendedReportBlock(byte type, byte typeSpecific, ReadOnlySpan<byte> contents)
    {
        Type = type;
        TypeSpecific = typeSpecific;
        Contents = contents;
    }

    /// <summary>The block type.</summary>
    public byte Type { get; }

    /// <summary>The byte that each type uses as it likes.</summary>
    public byte TypeSpecific { get; }

    /// <summary>The contents, whole words; borrowed.</summary>
    public ReadOnlySpan<byte> Contents { get; }
}
