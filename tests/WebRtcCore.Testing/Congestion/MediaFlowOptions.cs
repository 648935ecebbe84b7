using WebRtcCore.Rtp;
using WebRtcCore.Rtp.Congestion;

namespace WebRtcCore.Testing.Congestion;

/// <summary>What one flow of a <see cref="CongestionScenario"/> sends.</summary>
public sealed record MediaFlowOptions
{
    /// <summary>The sender's congestion control.</summary>
    public CongestionControlOptions CongestionControl { get; init; } = new();

    /// <summary>Frames a second.</summary>
    public int FramesPerSecond { get; init; } = 30;

    /// <summary>How far a frame's size is from the mean, at most: 0.25 is 25 % up or down.</summary>
    public double FrameSizeSpread { get; init; } = 0.25;

    /// <summary>What the encoder makes at most, in bits per second; <see langword="null"/> for no limit.</summary>
    public long? EncoderMaxBps { get; init; }

    /// <summary>Whether lost packets are asked for and sent again.</summary>
    public bool Retransmits { get; init; } = true;

    /// <summary>The feedback that drives the sender.</summary>
    public RtcpFeedbackKinds Feedback { get; init; } = RtcpFeedbackKinds.TransportCc;

    /// <summary>When the flow begins, after the scenario's start.</summary>
    public TimeSpan StartsAt { get; init; }
}
