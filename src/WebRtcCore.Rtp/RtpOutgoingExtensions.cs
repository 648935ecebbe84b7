using WebRtcCore.Rtp.HeaderExtensions;

namespace WebRtcCore.Rtp;

/// <summary>What of one packet's header only the application knows; header extensions are sent if they are given and agreed.</summary>
public readonly record struct RtpOutgoingExtensions
{
    /// <summary>How loud the audio of the packet is.</summary>
    public AudioLevel? AudioLevel { get; init; }

    /// <summary>
    /// Those whose sound is mixed into the packet, at most 15, in its list of contributing sources (RFC 3550, 5.1); with their levels (RFC 6465) where all are known and that
    /// extension is agreed. <see langword="null"/> for none.
    /// </summary>
    public IReadOnlyList<ContributingSource>? ContributingSources { get; init; }

    /// <summary>How the picture is to be turned.</summary>
    public VideoOrientation? VideoOrientation { get; init; }

    /// <summary>The bounds of the receiver's delay.</summary>
    public PlayoutDelay? PlayoutDelay { get; init; }

    /// <summary>When the media was captured.</summary>
    public AbsoluteCaptureTime? AbsoluteCaptureTime { get; init; }

    /// <summary>What kind of picture it is.</summary>
    public VideoContentType? VideoContentType { get; init; }

    /// <summary>The colours of the picture.</summary>
    public ColorSpace? ColorSpace { get; init; }

    /// <summary>How long the frame took at each step.</summary>
    public VideoTiming? VideoTiming { get; init; }

    /// <summary>Which layers are sent at which bit rates.</summary>
    public VideoLayersAllocation? VideoLayersAllocation { get; init; }

    /// <summary>What the frame depends on; goes with <see cref="DependencyStructure"/>.</summary>
    public DependencyDescriptor? DependencyDescriptor { get; init; }

    /// <summary>The structure that <see cref="DependencyDescriptor"/> follows: the last one sent, or its own.</summary>
    public DependencyStructure? DependencyStructure { get; init; }
}
