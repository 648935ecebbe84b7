namespace WebRtcCore;

/// <summary>W3C <c>MediaStreamTrackState</c>.</summary>
public enum MediaStreamTrackState
{
    /// <summary>Media may flow.</summary>
    Live,

    /// <summary>No more media will come.</summary>
    Ended,
}
