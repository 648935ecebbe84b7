using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>
/// The bit rate that explains the losses seen. A path is taken to lose a constant part of all packets (radio, say) and, beyond its
/// bandwidth, what exceeds it; of some candidates for the bandwidth the one is chosen that makes the last observations most likely. So
/// random loss does not slow the sender down, and loss that comes with the rate does.
/// </summary>
/// <remarks>The idea is that of libwebrtc's loss-based estimator; draft-ietf-rmcat-gcc-02, 6 would stop growing at 2 % of any loss.</remarks>
internal sealed class LossBasedEstimator(CongestionControlOptions options)
{
    private const int WindowSize = 20;
    private const int MinObservations = 3;
    private const double AgeWeight = 0.9;
    private const double NoLoss = 0.005;
    private const double MinInherentLoss = 1e-3;
    private const double InherentLossOffset = 0.05;
    private const double InherentLossBalanceBps = 150_000;
    private const double LossBoundOffset = 0.07;
    private const double LossBoundBalanceBps = 200_000;
    private const double HighBandwidthBias = 2e-4;
    private const double LogBandwidthBias = 0.02;
    private const double BiasLossThreshold = 0.2;
    private const double BiasLossSlope = 0.5;
    private const double MaxGrowth = 1.3;
    private const int NewtonSteps = 3;
    private const double NewtonStepSize = 0.75;
    private static readonly TimeSpan ObservationTime = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan GrowthInterval = TimeSpan.FromMilliseconds(300);
    private static readonly double[] Weights = MakeWeights();

    private readonly Observation[] _observations = new Observation[WindowSize];
    private Observation _partial;
    private Instant? _partialStart;
    private int _count;
    private double _bandwidthBps;
    private double _growthBaseBps;
    private Instant? _growthBaseSet;

    /// <summary>What the losses allow in bits per second; <see langword="null"/> while they do not limit.</summary>
    public long? BitrateBps { get; private set; }

    /// <summary>The mean part of packets lost, newer observations counting for more; 0 to 1.</summary>
    public double AverageLoss { get; private set; }

    /// <summary>Takes in feedback.</summary>
    /// <param name="packets">The packets.</param>
    /// <param name="delayBasedBps">What the delay allows.</param>
    /// <param name="throughputBps">What arrives at the peer.</param>
    /// <param name="now">The time.</param>
    public void OnFeedback(ReadOnlySpan<PacketFeedback> packets, long delayBasedBps, long? throughputBps, Instant now)
    {
        if (!TryObserve(packets) || _count < MinObservations)
        {
            LimitTo(delayBasedBps);
            return;
        }

        AverageLoss = ComputeAverageLoss();
        if (AverageLoss < NoLoss)
        {
            BitrateBps = null;
            return;
        }

        var current = BitrateBps is null ? delayBasedBps : _bandwidthBps;
        var inherentStart = Math.Clamp(AverageLoss / 2, MinInherentLoss, 0.5);
        var best = current;
        var bestScore = double.NegativeInfinity;
        Span<double> candidates = [current * 1.02, current, current * 0.95, delayBasedBps, Math.Min(throughputBps ?? current, current)];
        foreach (var candidate in candidates)
        {
            var score = Score(candidate, inherentStart);
            if (score > bestScore)
            {
                (best, bestScore) = (candidate, score);
            }
        }

        Settle(Math.Min(LimitGrowth(best, current, now), LossBound()), delayBasedBps);
    }

    private static double[] MakeWeights()
    {
        var weights = new double[WindowSize];
        for (var i = 0; i < WindowSize; i++)
        {
            weights[i] = Math.Pow(AgeWeight, i);
        }

        return weights;
    }

    private void Settle(double bandwidthBps, long delayBasedBps)
    {
        _bandwidthBps = Math.Max(Math.Min(bandwidthBps, delayBasedBps), options.MinBitrateBps);
        BitrateBps = _bandwidthBps < delayBasedBps ? (long)_bandwidthBps : null;
    }

    private void LimitTo(long delayBasedBps)
    {
        if (BitrateBps >= delayBasedBps)
        {
            BitrateBps = null;
        }
    }

    // Losses that end must not let the rate jump at once: the next observations are to show that they have ended.
    private double LimitGrowth(double best, double current, Instant now)
    {
        if (BitrateBps is null || best <= current)
        {
            return best;
        }

        if (_growthBaseSet is not { } set || now - set >= GrowthInterval)
        {
            _growthBaseBps = current;
            _growthBaseSet = now;
        }

        return Math.Min(best, Math.Max(current, _growthBaseBps * MaxGrowth));
    }

    private double LossBound() =>
        AverageLoss > LossBoundOffset ? LossBoundBalanceBps / (AverageLoss - LossBoundOffset) : double.PositiveInfinity;

    private bool TryObserve(ReadOnlySpan<PacketFeedback> packets)
    {
        var completed = false;
        foreach (ref readonly var packet in packets)
        {
            if (packet.WasLost)
            {
                // Counted already: not as lost after all, if that is not too long ago to tell.
                _partial.Lost -= _partial.Lost > 0 ? 1 : 0;
                continue;
            }

            _partialStart ??= packet.Sent;
            _partial.Packets++;
            _partial.Lost += packet.Arrived is null ? 1 : 0;
            _partial.Bytes += packet.Length;
            var elapsed = packet.Sent - _partialStart.Value;
            if (elapsed >= ObservationTime)
            {
                _partial.RateBps = _partial.Bytes * 8 / elapsed.TotalSeconds;
                _observations[_count++ % WindowSize] = _partial;
                _partial = default;
                _partialStart = packet.Sent;
                completed = true;
            }
        }

        return completed;
    }

    private double ComputeAverageLoss()
    {
        double lost = 0;
        double packets = 0;
        for (var age = 0; age < Math.Min(_count, WindowSize); age++)
        {
            ref readonly var observation = ref Get(age);
            lost += Weights[age] * observation.Lost;
            packets += Weights[age] * observation.Packets;
        }

        return packets > 0 ? lost / packets : 0;
    }

    // The log likelihood of the observations, and a preference for higher bandwidths that fades with the loss: without it all candidates
    // above the rate that was sent would be equal.
    private double Score(double bandwidthBps, double inherentLoss)
    {
        var maxInherent = Math.Min(1, InherentLossOffset + (InherentLossBalanceBps / bandwidthBps));
        inherentLoss = FitInherentLoss(bandwidthBps, Math.Min(inherentLoss, maxInherent), maxInherent);
        var preference = (BiasLossThreshold - AverageLoss) / (BiasLossSlope + Math.Abs(BiasLossThreshold - AverageLoss));
        var kbps = bandwidthBps / 1000;
        var bias = preference * ((HighBandwidthBias * kbps) + (LogBandwidthBias * Math.Log(1 + kbps)));
        double score = 0;
        for (var age = 0; age < Math.Min(_count, WindowSize); age++)
        {
            ref readonly var observation = ref Get(age);
            var probability = LossProbability(bandwidthBps, inherentLoss, observation.RateBps);
            score += Weights[age] * ((observation.Lost * Math.Log(probability))
                + ((observation.Packets - observation.Lost) * Math.Log(1 - probability))
                + (bias * observation.Packets));
        }

        return score;
    }

    private double FitInherentLoss(double bandwidthBps, double inherentLoss, double max)
    {
        for (var step = 0; step < NewtonSteps; step++)
        {
            double first = 0;
            double second = 0;
            for (var age = 0; age < Math.Min(_count, WindowSize); age++)
            {
                ref readonly var observation = ref Get(age);
                var probability = LossProbability(bandwidthBps, inherentLoss, observation.RateBps);
                var received = observation.Packets - observation.Lost;
                first += Weights[age] * ((observation.Lost / probability) - (received / (1 - probability)));
                second -= Weights[age] * ((observation.Lost / (probability * probability)) + (received / ((1 - probability) * (1 - probability))));
            }

            if (second >= 0)
            {
                break;
            }

            inherentLoss = Math.Clamp(inherentLoss - (NewtonStepSize * first / second), MinInherentLoss, Math.Max(MinInherentLoss, max));
        }

        return inherentLoss;
    }

    private static double LossProbability(double bandwidthBps, double inherentLoss, double rateBps)
    {
        var excess = rateBps > bandwidthBps ? (rateBps - bandwidthBps) / rateBps : 0;
        return Math.Clamp(inherentLoss + ((1 - inherentLoss) * excess), 1e-6, 1 - 1e-6);
    }

    private ref readonly Observation Get(int age) => ref _observations[(_count - 1 - age) % WindowSize];

    private struct Observation
    {
        public int Packets;
        public int Lost;
        public long Bytes;
        public double RateBps;
    }
}
