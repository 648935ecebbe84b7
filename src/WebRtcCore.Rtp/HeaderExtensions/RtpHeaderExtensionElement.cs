namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>One element of an RTP header extension (RFC 8285).</summary>
public readonly ref struct RtpHeaderExtensionElement
{
    internal RtpHeaderExtensionElement(byte id, ReadOnlySpan<byte> value)
    {
        Id = id;
        Value = value;
    }

    /// <summary>The local identifier: 1 to 14 in the one-byte form, 1 to 255 in the two-byte form.</summary>
    public byte Id { get; }

    /// <summary>The value, borrowed from the packet: 1 to 16 bytes in the one-byte form, 0 to 255 in the two-byte form.</summary>
    public ReadOnlySpan<byte> Value { get; }
}
