using WebRtcCore.Primitives;

namespace WebRtcCore.Rtp.Congestion;

/// <summary>Bits per second over the last second, counted in tenths of it.</summary>
internal sealed class RateMeter
{
    private const int Buckets = 10;
    private const long BucketTicks = TimeSpan.TicksPerSecond / Buckets;

    private readonly int[] _bytes = new int[Buckets];
    private long _bucket = -1;
    private long _sum;

    /// <summary>Counts bytes.</summary>
    public void Add(int length, Instant now)
    {
        Advance(now);
        _bytes[_bucket % Buckets] += length;
        _sum += length;
    }

    /// <summary>The rate.</summary>
    public long GetBitrateBps(Instant now)
    {
        Advance(now);
        return _sum * 8;
    }

    private void Advance(Instant now)
    {
        var bucket = Math.Max(0, now.Ticks / BucketTicks);
        if (bucket <= _bucket)
        {
            return;
        }

        for (var i = Math.Max(_bucket + 1, bucket - Buckets + 1); i <= bucket; i++)
        {
            _sum -= _bytes[i % Buckets];
            _bytes[i % Buckets] = 0;
        }

        _bucket = bucket;
    }
}
