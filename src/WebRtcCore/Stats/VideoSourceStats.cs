namespace WebRtcCore;

/// <summary>W3C <c>RTCVideoSourceStats</c>: a video track that feeds a sender.</summary>
public sealed record VideoSourceStats() : MediaSourceStats(MediaKind.Video)
{
    /// <summary>Width of the latest picture in pixels.</summary>
    public int? Width { get; init; }

    /// <summary>Height of the latest picture in pixels.</summary>
    public int? Height { get; init; }

    /// <summary>Pictures that the track has given.</summary>
    public long? Frames { get; init; }

    /// <summary>Pictures during the last second.</summary>
    public double? FramesPerSecond { get; init; }
}
