namespace WebRtcCore.Stun;

/// <summary>What part of the network a peer address belongs to; what a relay may be forbidden to reach.</summary>
public enum TurnPeerScope
{
    /// <summary>An address of the Internet at large.</summary>
    Global,

    /// <summary>This host: 127.0.0.0/8, ::1.</summary>
    Loopback,

    /// <summary>This link: 169.254.0.0/16 (cloud metadata services live there), fe80::/10.</summary>
    LinkLocal,

    /// <summary>A private network: 10/8, 172.16/12, 192.168/16, 100.64/10 behind carrier NATs, fc00::/7.</summary>
    Private,

    /// <summary>No address of a host: 0.0.0.0/8, ::, multicast, broadcast, reserved ranges.</summary>
    NotAHost,
}
