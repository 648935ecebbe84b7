namespace WebRtcCore;

/// <summary>Why an <see cref="IceTransport"/> has failed. Not W3C's.</summary>
public enum IceFailureReason
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>There is no local candidate: no interface, or with relays only no relay.</summary>
    NoLocalCandidates,

    /// <summary>The peer has told no candidate that can be used here, and none of its checks came.</summary>
    NoRemoteCandidates,

    /// <summary>There are candidates, but none of this side can reach one of the other: they are of different address families or scopes.</summary>
    NoCandidatePairs,

    /// <summary>No check was answered, and none of the peer came: firewalls or NATs let nothing through in either direction, or the peer is gone.</summary>
    NoAnswer,

    /// <summary>Checks of the peer came, but none of this side was answered: packets get through in one direction only.</summary>
    OneWay,

    /// <summary>The connection worked, and then the peer stopped answering (RFC 7675).</summary>
    ConsentExpired,

    /// <summary>The connection worked, and then its local address went away and nothing else worked.</summary>
    AddressLost,
}
