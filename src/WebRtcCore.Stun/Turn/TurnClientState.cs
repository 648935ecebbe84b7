namespace WebRtcCore.Stun;

/// <summary>The states of a <see cref="TurnClient"/>, in the order of the protocol.</summary>
public enum TurnClientState
{
    /// <summary>Nothing has been asked.</summary>
    New,

    /// <summary>The server has been asked for an allocation.</summary>
    Allocating,

    /// <summary>There is an allocation, and it is kept alive.</summary>
    Allocated,

    /// <summary>The server has been told to end the allocation.</summary>
    Closing,

    /// <summary>There is none, or there is none any more.</summary>
    Closed,

    /// <summary>There is none because of an error.</summary>
    Failed,
}
