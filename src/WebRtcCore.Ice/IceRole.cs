namespace WebRtcCore.Ice;

/// <summary>Which agent nominates the pair in the end (RFC 8445, 4).</summary>
public enum IceRole
{
    /// <summary>This agent nominates.</summary>
    Controlling,

    /// <summary>The peer nominates.</summary>
    Controlled,
}
