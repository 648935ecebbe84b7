namespace WebRtcCore.Transport;

/// <summary>The scheme of an ICE server's URL.</summary>
internal enum IceServerScheme
{
    /// <summary>STUN over UDP or TCP (RFC 7064).</summary>
    Stun,

    /// <summary>STUN over TLS (RFC 7064).</summary>
    Stuns,

    /// <summary>TURN over UDP or TCP (RFC 7065).</summary>
    Turn,

    /// <summary>TURN over TLS (RFC 7065).</summary>
    Turns,
}
