namespace WebRtcCore.Stun;

/// <summary>What a datagram was to a <see cref="TurnClient"/>.</summary>
public enum TurnInput
{
    /// <summary>Nothing of TURN: a Binding message, an answer to somebody else, or not STUN at all.</summary>
    NotForUs,

    /// <summary>An answer, or something that was dropped.</summary>
    Handled,

    /// <summary>It carries data of a peer.</summary>
    Data,
}
