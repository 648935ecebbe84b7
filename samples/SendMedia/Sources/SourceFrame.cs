using WebRtcCore;

namespace SendMedia.Sources;

/// <summary>A frame as it leaves a source.</summary>
/// <param name="Kind">Picture or sound.</param>
/// <param name="Layer">The picture's layer, from 0; 0 for sound.</param>
/// <param name="Data">The encoded bytes.</param>
/// <param name="Time">When it is to be shown or heard, since the source's beginning.</param>
/// <param name="IsKeyFrame">Whether a decoder can begin with it.</param>
internal readonly record struct SourceFrame(MediaKind Kind, int Layer, ReadOnlyMemory<byte> Data, TimeSpan Time, bool IsKeyFrame);
