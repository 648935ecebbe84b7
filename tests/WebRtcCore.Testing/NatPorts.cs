namespace WebRtcCore.Testing;

/// <summary>Which outside port a NAT gives a new mapping (RFC 4787, 4.2).</summary>
public enum NatPorts
{
    /// <summary>The next one.</summary>
    Sequential,

    /// <summary>The inside port if it is free, else the next one.</summary>
    Preserving,

    /// <summary>Any.</summary>
    Random,
}
