namespace WebRtcCore.Stun;

/// <summary>One attribute of a message, borrowed from the datagram.</summary>
public readonly ref struct StunAttribute
{
    internal StunAttribute(StunAttributeType type, ReadOnlySpan<byte> value)
    {
        Type = type;
        Value = value;
    }

    /// <summary>The type, known or not.</summary>
    public StunAttributeType Type { get; }

    /// <summary>The value without padding.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Whether a receiver that does not know the type must refuse the message.</summary>
    public bool IsComprehensionRequired => (int)Type < 0x8000;
}
