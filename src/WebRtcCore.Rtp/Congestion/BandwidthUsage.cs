namespace WebRtcCore.Rtp.Congestion;

/// <summary>What the delay's trend says about the path.</summary>
internal enum BandwidthUsage
{
    /// <summary>The delay stands still.</summary>
    Normal,

    /// <summary>The delay shrinks: a queue on the path empties itself.</summary>
    Underusing,

    /// <summary>The delay grows: more is sent than the path carries.</summary>
    Overusing,
}
