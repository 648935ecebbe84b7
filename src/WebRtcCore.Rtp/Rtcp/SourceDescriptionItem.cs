namespace WebRtcCore.Rtp.Rtcp;

/// <summary>One item of an SDES chunk, with the stream that it describes.</summary>
public readonly ref struct SourceDescriptionItem
{
    internal SourceDescriptionItem(Ssrc ssrc, SourceDescriptionItemType type, ReadOnlySpan<byte> value)
    {
        Ssrc = ssrc;
        Type = type;
        Value = value;
    }

    /// <summary>The stream described.</summary>
    public Ssrc Ssrc { get; }

    /// <summary>What the value is; values outside the enumeration are possible.</summary>
    public SourceDescriptionItemType Type { get; }

    /// <summary>Text in UTF-8, 0 to 255 bytes; borrowed.</summary>
    public ReadOnlySpan<byte> Value { get; }
}
