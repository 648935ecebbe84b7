namespace WebRtcCore.Media.Playout;

/// <summary>What 10 ms of sound from a <see cref="PlayoutBuffer"/> are.</summary>
public enum PlayoutFrameKind
{
    /// <summary>Nothing has arrived yet, or the sender is silent: zeros or comfort noise.</summary>
    Silence,

    /// <summary>What the peer has sent.</summary>
    Normal,

    /// <summary>Made up, at least in part, because packets are missing.</summary>
    Concealed,
}
