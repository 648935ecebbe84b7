namespace WebRtcCore.Stun;

/// <summary>
/// Attribute types (RFC 8489, 18.3; RFC 8445, 16.1; RFC 8656, 18). Values below 0x8000 must be understood by who receives them; others may be skipped.
/// </summary>
public enum StunAttributeType
{
    /// <summary>An address in clear, from servers of RFC 3489.</summary>
    MappedAddress = 0x0001,

    /// <summary>Who sends; UTF-8, up to 508 bytes. In ICE <c>receiver's ufrag:sender's ufrag</c>.</summary>
    Username = 0x0006,

    /// <summary>HMAC-SHA1 over all before it, 20 bytes.</summary>
    MessageIntegrity = 0x0008,

    /// <summary>The code and the reason of an error response.</summary>
    ErrorCode = 0x0009,

    /// <summary>The types that a 420 error response complains about.</summary>
    UnknownAttributes = 0x000A,

    /// <summary>The number of a channel (TURN), 16 bits and 16 reserved ones.</summary>
    ChannelNumber = 0x000C,

    /// <summary>How long an allocation lives without a refresh (TURN), in seconds, 32 bits.</summary>
    Lifetime = 0x000D,

    /// <summary>A peer's address as the TURN server sees it, XORed.</summary>
    XorPeerAddress = 0x0012,

    /// <summary>What a peer sent, or what is to be sent to it (TURN).</summary>
    Data = 0x0013,

    /// <summary>The realm of long-term credentials.</summary>
    Realm = 0x0014,

    /// <summary>The server's nonce of long-term credentials.</summary>
    Nonce = 0x0015,

    /// <summary>The address that the TURN server relays from and to, XORed.</summary>
    XorRelayedAddress = 0x0016,

    /// <summary>The family of the relayed address that the client asks for (TURN).</summary>
    RequestedAddressFamily = 0x0017,

    /// <summary>The client asks for a relayed address with an even port, and perhaps the port above it (TURN).</summary>
    EvenPort = 0x0018,

    /// <summary>The transport between server and peers (TURN), a protocol number of IP.</summary>
    RequestedTransport = 0x0019,

    /// <summary>The server sets the DF bit towards the peer (TURN); no value.</summary>
    DontFragment = 0x001A,

    /// <summary>HMAC-SHA256 over all before it, 16 to 32 bytes.</summary>
    MessageIntegritySha256 = 0x001C,

    /// <summary>The password algorithm that the client chose.</summary>
    PasswordAlgorithm = 0x001D,

    /// <summary>SHA-256 of user name and realm, in the place of USERNAME.</summary>
    UserHash = 0x001E,

    /// <summary>The address that a request came from, XORed so that no NAT rewrites it.</summary>
    XorMappedAddress = 0x0020,

    /// <summary>A relayed address that the server has kept back for the client (TURN), 64 bits.</summary>
    ReservationToken = 0x0022,

    /// <summary>The priority that a peer-reflexive candidate would have (ICE), 32 bits.</summary>
    Priority = 0x0024,

    /// <summary>The controlling agent nominates the pair (ICE); no value.</summary>
    UseCandidate = 0x0025,

    /// <summary>The client asks for a relayed address of this family too (TURN).</summary>
    AdditionalAddressFamily = 0x8000,

    /// <summary>Why there is no relayed address of one of the families asked for (TURN).</summary>
    AddressErrorCode = 0x8001,

    /// <summary>The password algorithms that the server supports.</summary>
    PasswordAlgorithms = 0x8002,

    /// <summary>The domain name that belongs to ALTERNATE-SERVER.</summary>
    AlternateDomain = 0x8003,

    /// <summary>An ICMP message that the server got about what it relayed (TURN).</summary>
    Icmp = 0x8004,

    /// <summary>A description of the sender; UTF-8.</summary>
    Software = 0x8022,

    /// <summary>The server to ask instead (300).</summary>
    AlternateServer = 0x8023,

    /// <summary>CRC-32 of the message, XORed with 0x5354554E; the last attribute.</summary>
    Fingerprint = 0x8028,

    /// <summary>The sender is controlled (ICE); its tie-breaker, 64 bits.</summary>
    IceControlled = 0x8029,

    /// <summary>The sender is controlling (ICE); its tie-breaker, 64 bits.</summary>
    IceControlling = 0x802A,

    /// <summary>libwebrtc: the number of a nomination; the highest one counts (renomination).</summary>
    Nomination = 0xC001,

    /// <summary>libwebrtc: the number of the sender's network in the upper 16 bits, what using it costs in the lower ones.</summary>
    NetworkInfo = 0xC057,
}
