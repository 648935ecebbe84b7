namespace WebRtcCore.Rtp.Frames;

/// <summary>What the packets of a frame say about its place among the others: enough to tell whether a decoder has what it needs for it.</summary>
internal readonly record struct FrameLayers
{
    /// <summary>The running number of the frame; <see langword="null"/> where the format has none.</summary>
    public int? Number { get; init; }

    /// <summary>The bits of <see cref="Number"/> before it wraps around.</summary>
    public int NumberBits { get; init; }

    /// <summary>The temporal layer, 0 where there is one.</summary>
    public int TemporalId { get; init; }

    /// <summary>The highest spatial layer in the frame, 0 where there is one.</summary>
    public int SpatialId { get; init; }

    /// <summary>The running number of the temporal base layer (TL0PICIDX).</summary>
    public byte? TemporalBaseIndex { get; init; }

    /// <summary>Whether the frame needs no other than of the base layer, so that a receiver may begin with its layer here.</summary>
    public bool IsLayerSync { get; init; }

    /// <summary>The frames that this one is predicted from; none if <see cref="HasReferences"/> is <see langword="false"/>.</summary>
    public FrameReferences References { get; init; }

    /// <summary>Whether <see cref="References"/> is all that the frame needs.</summary>
    public bool HasReferences { get; init; }
}
