using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// Google congestion control as a sender (draft-ietf-rmcat-gcc-02, with what libwebrtc has changed since): the target is the least of what
/// the delay allows, what the losses allow, and what the peer says it can take. Probes find out quickly what the path carries.
/// </summary>
public sealed class GoogleCongestionController : ICongestionController
{
    // A frame is several packets: they are to leave faster than the mean, or they would wait until the next frame.
    private const double PacingFactor = 2.5;

    private readonly CongestionControlOptions _options;
    private readonly DelayBasedEstimator _delay;
    private readonly LossBasedEstimator _loss;
    private readonly ReportBasedEstimator _reports;
    private readonly ThroughputEstimator _throughput = new();
    private readonly ProbeBitrateEstimator _probes = new();
    private readonly ProbeController _probing;
    private readonly FeedbackWatch _watch = new();
    private readonly QueueDrain _drain = new();
    private TimeSpan _roundTripTime = TimeSpan.FromMilliseconds(100);
    private long? _remoteBps;
    private bool _hasFeedback;

    /// <summary>Creates a controller at its start rate.</summary>
    public GoogleCongestionController(CongestionControlOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _delay = new DelayBasedEstimator(options);
        _loss = new LossBasedEstimator(options);
        _reports = new ReportBasedEstimator(options);
        _probing = new ProbeController(options);
        TargetBitrateBps = Combine();
    }

    /// <inheritdoc/>
    public long TargetBitrateBps { get; private set; }

    /// <inheritdoc/>
    public long PacingBitrateBps => (long)(TargetBitrateBps * PacingFactor);

    /// <summary>What arrives at the peer in bits per second, or <see langword="null"/> while it is not known.</summary>
    public long? ThroughputBps => _throughput.BitrateBps;

    /// <inheritdoc/>
    public void OnPacketSent(int length, Instant now)
    {
        _probing.Start(now);
        _watch.OnSent(now);
        if (_watch.Share < 1)
        {
            TargetBitrateBps = Combine();
        }
    }

    /// <inheritdoc/>
    public void OnFeedback(ReadOnlySpan<PacketFeedback> packets, Instant now)
    {
        _hasFeedback = true;
        _watch.OnFeedback(now);
        _probing.SetThroughput(_throughput.BitrateBps);
        long? probeBps = null;
        var hasFailedProbe = false;
        foreach (ref readonly var packet in packets)
        {
            if (packet.Arrived is not { } arrived)
            {
                continue;
            }

            _throughput.Add(arrived, packet.Length);
            if (packet.ProbeCluster != 0 && _probes.TryAdd(packet, out var result))
            {
                var isBelieved = _probing.OnResult(result, now);
                probeBps = isBelieved ? result.BitrateBps : probeBps;
                hasFailedProbe |= !isBelieved;
            }
        }

        // A probe can show that the path carries more; that it carried less just then may be another flow's doing.
        var usedProbe = probeBps > _delay.BitrateBps ? probeBps : null;
        if (usedProbe is not null)
        {
            _throughput.ExpectFastChange();
        }

        if (hasFailedProbe)
        {
            // The probe has put a queue on the path that will empty itself: no reason to slow down.
            _delay.ForgetTrend();
        }

        _delay.OnFeedback(hasFailedProbe ? [] : packets, _throughput.BitrateBps, usedProbe, now);
        if (_delay.Usage == BandwidthUsage.Overusing)
        {
            _probing.OnOveruse(now);
        }

        _drain.OnFeedback(packets, _delay.Usage == BandwidthUsage.Overusing, now);
        _loss.OnFeedback(packets, _delay.BitrateBps, _throughput.BitrateBps, now);
        TargetBitrateBps = Combine();
        _probing.Update(TargetBitrateBps, _loss.BitrateBps is not null, now);
    }

    /// <inheritdoc/>
    public void OnReport(double fractionLost, Instant now)
    {
        _reports.OnReport(fractionLost, _roundTripTime, now);
        TargetBitrateBps = Combine();
    }

    /// <inheritdoc/>
    public void OnRoundTripTime(TimeSpan roundTripTime)
    {
        _roundTripTime = roundTripTime;
        _delay.SetRoundTripTime(roundTripTime);
    }

    /// <inheritdoc/>
    public void OnRemoteEstimate(long bitrateBps, Instant now)
    {
        _remoteBps = bitrateBps;
        _reports.OnRemoteEstimate(bitrateBps);
        TargetBitrateBps = Combine();
    }

    /// <inheritdoc/>
    public void SetWantedBitrate(long bitrateBps) => _probing.SetWantedBitrate(bitrateBps);

    /// <inheritdoc/>
    public bool TryTakeProbe(Instant now, out ProbeCluster cluster)
    {
        if (!_probing.TryTake(out cluster))
        {
            return false;
        }

        _probes.Expect(cluster);
        return true;
    }

    private long Combine()
    {
        var target = _hasFeedback ? Math.Min(_delay.BitrateBps, _loss.BitrateBps ?? long.MaxValue) : _reports.BitrateBps;
        target = Math.Min(target, _remoteBps ?? long.MaxValue);
        target = (long)(Math.Min(target, _options.MaxBitrateBps) * _watch.Share * _drain.Share);
        return Math.Max(target, Math.Min(_options.MinBitrateBps, _options.MaxBitrateBps));
    }
}
