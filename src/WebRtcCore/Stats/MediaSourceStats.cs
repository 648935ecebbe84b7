namespace WebRtcCore;

/// <summary>W3C <c>RTCMediaSourceStats</c> (<c>media-source</c>): the track that feeds a sender.</summary>
public abstract record MediaSourceStats : RtcStats
{
    private protected MediaSourceStats(MediaKind kind)
        : base(StatsType.MediaSource) => Kind = kind;

    /// <summary>The track's id.</summary>
    public string TrackIdentifier { get; init; } = "";

    /// <summary>Audio or video.</summary>
    public MediaKind Kind { get; }
}
