namespace WebRtcCore.Stun;

/// <summary>What the port of a relayed address must be (EVEN-PORT, RFC 8656, 18.7).</summary>
public enum TurnPortParity
{
    /// <summary>Any port.</summary>
    Any,

    /// <summary>An even one.</summary>
    Even,
}
