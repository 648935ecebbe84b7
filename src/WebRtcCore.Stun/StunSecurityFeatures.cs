namespace WebRtcCore.Stun;

/// <summary>What a server of RFC 8489 can do beyond RFC 5389, as the front of its nonces says (RFC 8489, 9.2 and 18.1).</summary>
[Flags]
public enum StunSecurityFeatures
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>PASSWORD-ALGORITHMS: bit 0, the leftmost of 24.</summary>
    PasswordAlgorithms = 0x80_0000,

    /// <summary>USERHASH in the place of USERNAME: bit 1.</summary>
    UsernameAnonymity = 0x40_0000,
}
