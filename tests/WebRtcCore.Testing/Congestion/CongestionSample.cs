namespace WebRtcCore.Testing.Congestion;

/// <summary>One flow over a tenth of a second.</summary>
/// <param name="Time">The end of the interval, since the scenario's start.</param>
/// <param name="Flow">The flow's name.</param>
/// <param name="CapacityBps">What the bottleneck carries, in bits per second.</param>
/// <param name="TargetBps">The flow's target at the end of the interval.</param>
/// <param name="ThroughputBps">What arrived in the interval.</param>
/// <param name="QueueDelay">The bottleneck's queue, mean over the interval.</param>
public readonly record struct CongestionSample(
    TimeSpan Time, string Flow, long CapacityBps, long TargetBps, long ThroughputBps, TimeSpan QueueDelay);
