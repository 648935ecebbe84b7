namespace WebRtcCore.Stun;

/// <summary>The method of a STUN message, 12 bits. Unknown values are kept.</summary>
public enum StunMethod
{
    /// <summary>Asks for the address that the message came from (RFC 8489, 3).</summary>
    Binding = 0x001,

    /// <summary>Asks a TURN server for a relayed address (RFC 8656, 7).</summary>
    Allocate = 0x003,

    /// <summary>Prolongs or ends an allocation (RFC 8656, 8).</summary>
    Refresh = 0x004,

    /// <summary>An indication: data for a peer (RFC 8656, 11).</summary>
    Send = 0x006,

    /// <summary>An indication: data from a peer (RFC 8656, 11).</summary>
    Data = 0x007,

    /// <summary>Lets peers of an address send to the relayed address (RFC 8656, 10).</summary>
    CreatePermission = 0x008,

    /// <summary>Gives a peer a channel (RFC 8656, 12).</summary>
    ChannelBind = 0x009,
}
