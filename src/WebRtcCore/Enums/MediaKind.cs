namespace WebRtcCore;

/// <summary>The kind of a track: W3C <c>"audio"</c> or <c>"video"</c>.</summary>
public enum MediaKind
{
    /// <summary>Sound.</summary>
    Audio,

    /// <summary>Pictures.</summary>
    Video,
}
