namespace WebRtcCore.Rtp.HeaderExtensions;

/// <summary>What frames of one kind have in common in a <see cref="DependencyStructure"/>: a layer, and what it depends on. Immutable.</summary>
public sealed record FrameTemplate
{
    /// <summary>The spatial layer, 0 to 3.</summary>
    public int SpatialId { get; init; }

    /// <summary>The temporal layer, 0 to 7.</summary>
    public int TemporalId { get; init; }

    /// <summary>For each decode target, what the frame is to it.</summary>
    public IReadOnlyList<DecodeTargetIndication> DecodeTargets { get; init; } = [];

    /// <summary>How many frames back those are that it is predicted from.</summary>
    public IReadOnlyList<int> FrameDistances { get; init; } = [];

    /// <summary>For each chain, how many frames back the last frame of the chain is; 0 in a frame that starts it anew.</summary>
    public IReadOnlyList<int> ChainDistances { get; init; } = [];
}
