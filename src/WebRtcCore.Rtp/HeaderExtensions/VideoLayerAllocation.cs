namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>One spatial layer of a stream in a <see cref="VideoLayersAllocation"/>. Immutable.</summary>
public sealed record VideoLayerAllocation
{
    /// <summary>The number of its stream, 0 to 3.</summary>
    public int StreamIndex { get; init; }

    /// <summary>The spatial layer, 0 to 3.</summary>
    public int SpatialId { get; init; }

    /// <summary>Bit rates in kbit/s of 1 to 4 temporal layers, each with those below it.</summary>
    public IReadOnlyList<int> BitratesKbps { get; init; } = [];

    /// <summary>Width in pixels, up to 65,536; 0 where it is not said.</summary>
    public int Width { get; init; }

    /// <summary>Height in pixels, up to 65,536; 0 where it is not said.</summary>
    public int Height { get; init; }

    /// <summary>Frames per second, up to 255.</summary>
    public int FrameRate { get; init; }
}
