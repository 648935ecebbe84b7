using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Always the same target: <see cref="CongestionControlOptions.StartBitrateBps"/>. For paths whose rate is known, and for measurements.
/// Whoever uses it on a shared path harms others (RFC 8085, 3.1).
/// </summary>
/// <param name="options">Where the rate is.</param>
public sealed class ConstantRateController(CongestionControlOptions options) : ICongestionController
{
    /// <inheritdoc/>
    public long TargetBitrateBps { get; } = options.StartBitrateBps;

    /// <inheritdoc/>
    public long PacingBitrateBps => TargetBitrateBps;

    /// <inheritdoc/>
    public void OnPacketSent(int length, Instant now)
    {
    }

    /// <inheritdoc/>
    public void OnFeedback(ReadOnlySpan<PacketFeedback> packets, Instant now)
    {
    }

    /// <inheritdoc/>
    public void OnReport(double fractionLost, Instant now)
    {
    }

    /// <inheritdoc/>
    public void OnRoundTripTime(TimeSpan roundTripTime)
    {
    }

    /// <inheritdoc/>
    public void OnRemoteEstimate(long bitrateBps, Instant now)
    {
    }

    /// <inheritdoc/>
    public void SetWantedBitrate(long bitrateBps)
    {
    }

    /// <inheritdoc/>
    public bool TryTakeProbe(Instant now, out ProbeCluster cluster)
    {
        cluster = default;
        return false;
    }
}
