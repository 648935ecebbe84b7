using WebRtcCore.Primitives;

namespace WebRtcCore.Media.Playout;

/// <summary>
/// How late packets arrive, compared with the fastest of the last seconds: a histogram that forgets, and the delay within which nearly all arrive.
/// </summary>
internal sealed class ArrivalDelayEstimator
{
    private const int Buckets = 200;
    private const double Quantile = 0.97;

    // Half of what is remembered is of the last 350 packets: 7 s of 20 ms.
    private const double Forget = 0.998;

    // The fastest packet of this time is what others are compared with; long enough for several talk spurts, too short for clocks to drift apart.
    private static readonly TimeSpan MinimumWindow = TimeSpan.FromSeconds(2);

    // Transit times that differ by more are of a sender that began anew.
    private static readonly TimeSpan MaxStep = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BucketWidth = TimeSpan.FromMilliseconds(10);

    private readonly double[] _histogram = new double[Buckets];
    private double _weight;
    private long _previousTransit;
    private long _minimum;
    private long _previousMinimum;
    private Instant _windowStart;

    /// <summary>Packets seen since the last <see cref="Reset"/>.</summary>
    public long Packets { get; private set; }

    /// <summary>The delay within which nearly all packets come, a whole number of 10 ms; zero before the first.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        Array.Clear(_histogram);
        _weight = 0;
        Packets = 0;
        Delay = TimeSpan.Zero;
    }

    /// <summary>Takes a packet into account, late ones too.</summary>
    /// <param name="media">When it was captured, by the sender's clock and from any origin.</param>
    /// <param name="now">When it has arrived.</param>
    public void OnPacket(TimeSpan media, Instant now)
    {
        var transit = now.Ticks - media.Ticks;
        if (Packets == 0 || Math.Abs(transit - _previousTransit) > MaxStep.Ticks)
        {
            Reset();
            _minimum = _previousMinimum = transit;
            _windowStart = now;
        }

        Packets++;
        _previousTransit = transit;
        if (now - _windowStart > MinimumWindow)
        {
            _previousMinimum = _minimum;
            _minimum = transit;
            _windowStart = now;
        }

        _minimum = Math.Min(_minimum, transit);
        var relative = transit - Math.Min(_minimum, _previousMinimum);
        Add((int)Math.Min(Buckets - 1, relative / BucketWidth.Ticks));
    }

    private void Add(int bucket)
    {
        // While there are few packets each of them counts the same.
        var forget = Math.Min(Forget, (double)(Packets - 1) / Packets);
        _weight = (_weight * forget) + 1;
        for (var i = 0; i < Buckets; i++)
        {
            _histogram[i] *= forget;
        }

        _histogram[bucket]++;
        Delay = FindQuantile();
    }

    private TimeSpan FindQuantile()
    {
        var sum = 0.0;
        var bucket = 0;
        while (bucket < Buckets - 1 && (sum += _histogram[bucket]) < _weight * Quantile)
        {
            bucket++;
        }

        return BucketWidth * (bucket + 1);
    }
}
