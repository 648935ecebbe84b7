using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// The bit rate that keeps the path's queue empty: groups of packets -> trend of their delay -> verdict -> rate
/// (draft-ietf-rmcat-gcc-02, 5).
/// </summary>
internal sealed class DelayBasedEstimator(CongestionControlOptions options)
{
    // After a silence the old trend belongs to another time.
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(2);

    private readonly AimdRateControl _rate = new(options);
    private readonly PacketGroups _groups = new();
    private readonly TrendlineEstimator _trend = new();
    private readonly OveruseDetector _detector = new();
    private Instant? _lastFeedback;

    /// <summary>The rate in bits per second.</summary>
    public long BitrateBps => _rate.BitrateBps;

    /// <summary>The last verdict.</summary>
    public BandwidthUsage Usage => _detector.Usage;

    /// <summary>Sets the round-trip time.</summary>
    public void SetRoundTripTime(TimeSpan roundTripTime) => _rate.SetRoundTripTime(roundTripTime);

    /// <summary>Starts to look at the delay anew: it has changed for a reason that is known.</summary>
    public void ForgetTrend()
    {
        _groups.Reset();
        _trend.Reset();
        _detector.Reset();
    }

    /// <summary>Takes in feedback.</summary>
    /// <param name="packets">In the order of arrival.</param>
    /// <param name="throughputBps">What arrives at the peer.</param>
    /// <param name="probeBps">What a probe has found, if one came to its end with this feedback.</param>
    /// <param name="now">The time.</param>
    public void OnFeedback(ReadOnlySpan<PacketFeedback> packets, long? throughputBps, long? probeBps, Instant now)
    {
        if (_lastFeedback is { } last && now - last > MaxSilence)
        {
            ForgetTrend();
        }

        _lastFeedback = now;
        foreach (ref readonly var packet in packets)
        {
            if (packet.Arrived is not { } arrived || !_groups.TryAdd(packet.Sent, arrived, out var delta))
            {
                continue;
            }

            _trend.Add(delta);
            _detector.Update(_trend.Slope, _trend.DeltaCount, delta.SendMilliseconds, delta.Arrived);
        }

        if (probeBps is { } probe)
        {
            // Even if the path is overused just now: the probe was what filled it, and knows what it carries.
            _rate.SetBitrate(probe, now);
        }
        else if (Usage == BandwidthUsage.Overusing)
        {
            if (_rate.CanDecreaseFurther(throughputBps, now))
            {
                _rate.Update(BandwidthUsage.Overusing, throughputBps, now);
            }
        }
        else
        {
            _rate.Update(Usage, throughputBps, now);
        }
    }
}
