using WebRtcCore.Primitives;

namespace WebRtcCore.Media.Playout;

/// <summary>Compares what waits with what is aimed at, and lets the <see cref="TimeStretcher"/> make up for the difference.</summary>
internal sealed class PlayoutLevel(AudioFormat format, PlayoutOptions options, TimeStretcher stretcher, PlayoutCounters counters)
{
    // What waits goes up and down with each packet; its mean over some 200 ms counts.
    private const double Smoothing = 0.95;

    // Steps are audible if they follow each other too closely.
    private const int MinFramesBetweenSteps = 5;
    private const int MinFramesBetweenFastSteps = 2;
    private const int MinPackets = 10;
    private const double MinCorrelation = 0.9;
    private const double LeastCorrelation = 0.2;

    private double _mean;
    private int _framesSinceStep;

    /// <summary>The delay aimed at.</summary>
    public TimeSpan Target { get; private set; }

    private double TargetSamples => Target.TotalSeconds * format.SampleRate;

    // Between both nothing needs to be done: at least a packet of 20 ms apart.
    private double High => Math.Max(TargetSamples * 1.25, TargetSamples + (format.SampleRate * 0.025));

    private double Low => Math.Max(TargetSamples * 0.75, TargetSamples - (format.SampleRate * 0.085));

    /// <summary>The delay to aim at: what the network needs, and one packet more, because a packet is played only once it is there whole.</summary>
    public TimeSpan GetTarget(ArrivalDelayEstimator arrivals, int packetDuration)
    {
        var needed = arrivals.Delay + format.ToDuration(packetDuration);
        if (arrivals.Packets < MinPackets && needed < options.InitialDelay)
        {
            needed = options.InitialDelay;
        }

        return needed < options.MinDelay ? options.MinDelay : needed > options.MaxDelay ? options.MaxDelay : needed;
    }

    /// <summary>Playing begins with so many samples per channel waiting.</summary>
    public void Start(long waiting)
    {
        _mean = waiting;
        _framesSinceStep = 0;
    }

    /// <summary>Takes in what waits now, before 10 ms of it are played.</summary>
    public void Update(ArrivalDelayEstimator arrivals, int packetDuration, long waiting)
    {
        Target = GetTarget(arrivals, packetDuration);
        _mean = (_mean * Smoothing) + (waiting * (1 - Smoothing));
        _framesSinceStep++;
    }

    /// <summary>Whether as much waits as is aimed at.</summary>
    public bool IsEnough(long waiting) => waiting >= TargetSamples;

    /// <summary>Plays faster or slower if need be.</summary>
    public void Adjust(SampleQueue queue, long waiting, PlayoutBuffer buffer, Instant now)
    {
        var isFar = _mean > 2 * High;
        if (_framesSinceStep < (isFar ? MinFramesBetweenFastSteps : MinFramesBetweenSteps))
        {
            return;
        }

        // The mean lags behind, so the present must agree; between two packets the present swings by one of them.
        if (_mean > High && waiting > High)
        {
            Accelerate(queue, buffer, now);
        }
        else if (_mean < Low && waiting < High)
        {
            Decelerate(queue, buffer, now);
        }
    }

    // The further off, the less it matters whether the cut is heard.
    private double GetMinCorrelation(double distance) =>
        Math.Max(LeastCorrelation, MinCorrelation - (distance / (format.SampleRate * 0.1) * (MinCorrelation - LeastCorrelation)));

    private void Accelerate(SampleQueue queue, PlayoutBuffer buffer, Instant now)
    {
        if (!HasEnough(queue, stretcher.NeededToAccelerate, buffer, now))
        {
            return;
        }

        var removed = stretcher.Accelerate(queue, GetMinCorrelation(_mean - High));
        if (removed > 0)
        {
            _mean -= removed;
            _framesSinceStep = 0;
            counters.RemovedSamples += removed;
        }
    }

    private void Decelerate(SampleQueue queue, PlayoutBuffer buffer, Instant now)
    {
        if (!HasEnough(queue, stretcher.NeededToDecelerate, buffer, now))
        {
            return;
        }

        var added = stretcher.Decelerate(queue, GetMinCorrelation(Low - _mean));
        if (added > 0)
        {
            _mean += added;
            _framesSinceStep = 0;
            counters.InsertedSamples += added;
        }
    }

    private static bool HasEnough(SampleQueue queue, int needed, PlayoutBuffer buffer, Instant now)
    {
        while (queue.Count < needed)
        {
            if (!buffer.TryDecodeAhead(now))
            {
                return false;
            }
        }

        return true;
    }
}
