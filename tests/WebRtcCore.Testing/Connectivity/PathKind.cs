namespace WebRtcCore.Testing.Connectivity;

/// <summary>How two peers are connected, best first.</summary>
public enum PathKind
{
    /// <summary>From host to host.</summary>
    Host,

    /// <summary>Through NATs, by their outside addresses.</summary>
    Reflexive,

    /// <summary>Through a TURN server.</summary>
    Relay,

    /// <summary>Not at all.</summary>
    None,
}
