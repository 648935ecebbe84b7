namespace WebRtcCore.Media.Ivf;

/// <summary>A frame of an IVF file.</summary>
/// <param name="Data">The encoded bytes, the receiver's own.</param>
/// <param name="Timestamp">When it is shown, in ticks of the file's time base.</param>
public readonly record struct IvfFrame(ReadOnlyMemory<byte> Data, long Timestamp);
