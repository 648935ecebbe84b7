namespace WebRtcCore.Stun;

/// <summary>The kinds of <see cref="TurnClientEvent"/>.</summary>
public enum TurnClientEventKind
{
    /// <summary>There is an allocation: see the client's addresses.</summary>
    Allocated,

    /// <summary>There is none, or it was lost; <see cref="TurnClientEvent.Error"/> says why.</summary>
    Failed,

    /// <summary>Data can go to and come from the peer's IP address.</summary>
    PermissionGranted,

    /// <summary>It cannot; <see cref="TurnClientEvent.Error"/> says why.</summary>
    PermissionRefused,

    /// <summary>The peer has a channel: data to it costs four bytes instead of an indication.</summary>
    ChannelBound,

    /// <summary>The allocation has been ended by <see cref="TurnClient.Close"/>.</summary>
    Closed,
}
