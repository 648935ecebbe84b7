namespace WebRtcCore.Media.Ivf;

/// <summary>A frame of an IVF file.</summary>
/// <param name="Data">The encoded bytes, the receiver's own.</param>
/// <param name="Timestamp">When it is shown, in ticks of the file's time base.</param>
public readonly record struct IvfFrame(ReadOnlyMemory<byte> Data, long Timestamp)
{
    /// <summary>Whether a decoder can begin with it. A reader knows that of VP8, VP9 and AV1; a writer does not look at it.</summary>
    public bool IsKeyFrame { get; init; }
}
