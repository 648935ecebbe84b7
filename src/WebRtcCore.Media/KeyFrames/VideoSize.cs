namespace WebRtcCore.Media.KeyFrames;

/// <summary>Width and height of a picture in pixels.</summary>
internal readonly record struct VideoSize(int Width, int Height);
