namespace WebRtcCore.Testing;

/// <summary>What a NAT's mapping or filter depends on (RFC 4787, 4.1 and 5).</summary>
public enum NatBehavior
{
    /// <summary>On the inside address only.</summary>
    EndpointIndependent,

    /// <summary>Also on the outside IP address.</summary>
    AddressDependent,

    /// <summary>Also on the outside IP address and port.</summary>
    AddressAndPortDependent,
}
