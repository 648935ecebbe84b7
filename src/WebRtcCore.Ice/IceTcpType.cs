namespace WebRtcCore.Ice;

/// <summary>Which end of an ICE-TCP connection a candidate is (RFC 6544, 4.5).</summary>
public enum IceTcpType
{
    /// <summary>Connects; its port is a placeholder.</summary>
    Active,

    /// <summary>Listens.</summary>
    Passive,

    /// <summary>Does both at once.</summary>
    SimultaneousOpen,
}
