namespace WebRtcCore.Stun;

/// <summary>The method of a STUN message, 12 bits. Unknown values are kept.</summary>
public enum StunMethod
{
    /// <summary>Asks for the address that the message came from (RFC 8489, 3).</summary>
    Binding = 0x001,
}
