namespace WebRtcCore.Stun;

/// <summary>The family of a relayed address, as REQUESTED-ADDRESS-FAMILY and its kin name it (RFC 8656, 18.6).</summary>
public enum TurnAddressFamily
{
    /// <summary>IPv4.</summary>
    IPv4 = 1,

    /// <summary>IPv6.</summary>
    IPv6 = 2,
}
