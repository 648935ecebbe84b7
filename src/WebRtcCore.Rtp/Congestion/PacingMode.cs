namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Which packets the pacer spreads over time. Audio is never held back, and nothing is where the peer gives no transport-wide feedback.
/// </summary>
public enum PacingMode
{
    /// <summary>None: all leave at once.</summary>
    None,

    /// <summary>Packets of encoded frames. Whole RTP packets that the application brings or forwards have a pace of their own and leave at once.</summary>
    Frames,

    /// <summary>Whole RTP packets too.</summary>
    All,
}
