namespace WebRtcCore.Media.Matroska;

/// <summary>A frame that waits for the header.</summary>
internal readonly record struct WaitingFrame(MatroskaTrack Track, TimeSpan Timestamp, byte[] Data, bool IsKeyFrame);
