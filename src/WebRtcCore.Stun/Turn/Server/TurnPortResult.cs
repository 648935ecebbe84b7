namespace WebRtcCore.Stun;

/// <summary>What became of a request for a relayed address.</summary>
public enum TurnPortResult
{
    /// <summary>It is open.</summary>
    Opened,

    /// <summary>The server has no address of this family.</summary>
    NoSuchFamily,

    /// <summary>All ports are taken.</summary>
    NoPortLeft,
}
